"use client";

import "./globals.css";

/** The last resort: the frame of the page itself broke. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col items-center justify-center px-6 text-center">
        <h1 className="text-xl font-semibold tracking-tight">Switchyard stumbled</h1>
        <p className="mt-1 mb-6 text-muted">The page could not be drawn. Your data is not affected.</p>
        <button
          type="button"
          onClick={reset}
          className="h-8 rounded-md bg-ink px-3 text-sm font-medium text-on-ink hover:bg-ink-hover"
        >
          Try again
        </button>
      </body>
    </html>
  );
}
