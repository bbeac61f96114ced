"use client";

import { TriangleAlert } from "lucide-react";
import type { Situation, Way } from "@/lib/domain/wire/situation";
import { Notice } from "@/components/ui/states";
import { WayButtons } from "./way-buttons";

interface SituationNoticeProps {
  situation: Situation;
  mayUpdate: boolean;
  onWay: (way: Way) => void;
}

/** Says what stops a push or a pull, with a button for each way forward. */
export function SituationNotice({ situation, mayUpdate, onWay }: SituationNoticeProps) {
  return (
    <Notice
      className="mb-5"
      tone="warning"
      icon={TriangleAlert}
      title={situation.message}
      action={mayUpdate && <WayButtons ways={situation.ways} onWay={onWay} />}
    >
      {mayUpdate
        ? "Nothing has been changed. Each choice shows what it keeps and what it gives up before you confirm it."
        : "Someone who can update this workspace must choose what to do."}
    </Notice>
  );
}
