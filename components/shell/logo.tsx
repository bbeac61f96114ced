/** The mark: one track that leaves for another. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={className}>
      <rect width="32" height="32" rx="8" className="fill-ink" />
      <g
        fill="none"
        strokeWidth="2.75"
        strokeLinecap="round"
        strokeLinejoin="round"
        className="stroke-on-ink"
      >
        <path d="M7 11h6.5c5 0 6 10 11.5 10" />
        <path d="M7 21h5.5" />
        <path d="M20.5 11H25" />
      </g>
    </svg>
  );
}
