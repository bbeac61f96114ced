"use client";

import { TriangleAlert } from "lucide-react";
import type { Situation, Way } from "@/lib/domain/situation";
import { Notice } from "@/components/ui/states";
import { WayButtons } from "./way-buttons";

interface SituationNoticeProps {
  situation: Situation;
  mayUpdate: boolean;
  onWay: (way: Way) => void;
}

/** Says what keeps a push or a pull from going on by itself, with a button for each way out. */
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
        ? "Nothing was changed. Before a way is taken, it says what it keeps and what it gives up."
        : "Somebody who may update this workspace has to choose a way on."}
    </Notice>
  );
}
