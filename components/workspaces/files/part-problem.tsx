"use client";

import { TriangleAlert } from "lucide-react";
import { usePartProblems } from "@/lib/client/queries";
import { classifyPath } from "@/lib/domain/path";
import { Notice } from "@/components/ui/states";

/** Why a part cannot be read, or is not the one that counts. */
export function PartProblem({ slug, path }: { slug: string; path: string }) {
  const isPart = classifyPath(path).kind !== "other";
  const { data } = usePartProblems(slug, isPart);
  const problem = data?.errors.find((error) => error["path"] === path);
  if (!isPart || !problem) return null;
  return (
    <Notice tone="warning" icon={TriangleAlert} title="This file cannot be read" className="m-3 shrink-0">
      {problem.msg}
    </Notice>
  );
}
