"use client";

import { Search } from "lucide-react";
import { LateInput } from "@/components/ui/form/late-input";
import { Kbd } from "@/components/ui/text";

interface SearchFieldProps {
  value: string;
  onChange: (value: string) => void;
  label?: string;
  placeholder?: string;
}

/** A filter that waits for a pause in typing; `/` leads here. */
export function SearchField({
  value,
  onChange,
  label = "Filter workspaces",
  placeholder = "Name, slug or label",
}: SearchFieldProps) {
  return (
    <div className="relative min-w-44 flex-1 sm:max-w-72">
      <Search
        aria-hidden
        className="pointer-events-none absolute inset-y-0 left-2.5 my-auto size-4 text-muted"
      />
      <LateInput
        data-filter
        type="search"
        aria-label={label}
        placeholder={placeholder}
        className="peer pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden"
        value={value}
        onLateChange={onChange}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          // The browser would empty the field, and the rows found would be gone under the keyboard's feet.
          event.preventDefault();
          event.currentTarget.blur();
        }}
      />
      <Kbd
        aria-hidden
        className="pointer-events-none absolute inset-y-0 right-2 my-auto hidden peer-placeholder-shown:inline-flex pointer-coarse:hidden!"
      >
        /
      </Kbd>
    </div>
  );
}
