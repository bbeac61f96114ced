"use client";

import { useRef, useState } from "react";
import { FileArchive, Upload } from "lucide-react";
import { cn } from "@/lib/client/cn";
import { Button } from "@/components/ui/button";

interface DropZoneProps {
  file: File | null;
  onChange: (file: File) => void;
  disabled?: boolean;
}

function size({ size: bytes }: File): string {
  if (bytes < 1024) return `${String(bytes)} bytes`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KiB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

/** Takes one zip archive: dropped here, or chosen with the button. */
export function DropZone({ file, onChange, disabled = false }: DropZoneProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const Icon = file ? FileArchive : Upload;
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const [dropped] = event.dataTransfer.files;
        if (dropped && !disabled) onChange(dropped);
      }}
      className={cn(
        "flex flex-col items-center gap-3 rounded-lg border border-dashed px-4 py-7 text-center transition-colors",
        isOver ? "border-accent bg-info-soft" : "border-control bg-sunken",
      )}
    >
      <Icon aria-hidden className="size-6 text-muted" />
      <p className="min-w-0 text-sm" role="status">
        {file ? (
          <>
            <span className="font-mono break-all">{file.name}</span>{" "}
            <span className="text-muted">({size(file)})</span>
          </>
        ) : (
          "Drop a zip archive here"
        )}
      </p>
      <input
        ref={input}
        type="file"
        accept=".zip,application/zip"
        aria-label="Archive"
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          if (chosen) onChange(chosen);
          // The same file, changed on disk, can be chosen again.
          event.currentTarget.value = "";
        }}
      />
      <Button
        size="sm"
        disabled={disabled}
        onClick={() => {
          input.current?.click();
        }}
      >
        {file ? "Choose another file…" : "Choose a file…"}
      </Button>
    </div>
  );
}
