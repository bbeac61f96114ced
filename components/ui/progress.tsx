import type { ComponentProps } from "react";
import { cn } from "@/lib/client/cn";

interface ProgressProps extends Omit<ComponentProps<"div">, "role"> {
  value: number;
  max: number;
  /** Said instead of a percentage: "7 of 24, 1 failed". */
  text: string;
  label: string;
  failed?: number;
}

/** How far a piece of work is; the failed share shows at the end of the bar. */
export function Progress({ value, max, text, label, failed = 0, className, ...props }: ProgressProps) {
  const share = (part: number) => `${String(max > 0 ? (part / max) * 100 : 0)}%`;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
      aria-valuetext={text}
      className={cn("flex h-1.5 w-full overflow-hidden rounded-sm bg-active", className)}
      {...props}
    >
      <span
        className="bg-success transition-[width] duration-300"
        style={{ width: share(Math.max(0, value - failed)) }}
      />
      <span className="bg-danger transition-[width] duration-300" style={{ width: share(failed) }} />
    </div>
  );
}
