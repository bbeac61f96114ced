"use client";

import { WAYS, type Way } from "@/lib/domain/wire/situation";
import { Button } from "@/components/ui/button";

/** One button for each way out of a refusal; the first is the likeliest. */
export function WayButtons({ ways, onWay }: { ways: readonly Way[]; onWay: (way: Way) => void }) {
  return ways.map((way, index) => (
    <Button
      key={way}
      size="sm"
      variant={index === 0 ? "primary" : "secondary"}
      onClick={() => {
        onWay(way);
      }}
    >
      {WAYS[way].label}
      {way === "pull" ? "" : "…"}
    </Button>
  ));
}
