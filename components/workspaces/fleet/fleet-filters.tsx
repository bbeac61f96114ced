"use client";

import { usePlatform } from "@/lib/client/queries";
import { Select } from "@/components/ui/form/select";
import { SearchField } from "./search-field";
import type { FleetUrl } from "./use-fleet-url";

interface FleetFiltersProps {
  filter: FleetUrl["filter"];
  onChange: FleetUrl["change"];
}

/** Which workspaces the table shows, and in which order. */
export function FleetFilters({ filter, onChange }: FleetFiltersProps) {
  const { data: platform } = usePlatform();
  return (
    <div className="mb-3 grid grid-cols-2 items-center gap-2 max-sm:[&>:first-child]:col-span-2 sm:flex sm:flex-wrap">
      <SearchField
        value={filter.search ?? ""}
        onChange={(search) => {
          onChange({ search });
        }}
      />
      <Select
        aria-label="Group"
        className="sm:max-w-44"
        value={filter.group ?? ""}
        onChange={(event) => {
          onChange({ group: event.currentTarget.value });
        }}
      >
        <option value="">All groups</option>
        {platform?.groups.map(({ name, workspaces }) => (
          <option key={name} value={name}>
            {name} ({workspaces})
          </option>
        ))}
      </Select>
      <Select
        aria-label="Sort"
        className="sm:ml-auto"
        value={filter.sort ?? "name"}
        onChange={(event) => {
          onChange({ sort: event.currentTarget.value });
        }}
      >
        <option value="name">Name A to Z</option>
        <option value="-name">Name Z to A</option>
        <option value="-updatedAt">Last changed first</option>
        <option value="-createdAt">Newest first</option>
      </Select>
    </div>
  );
}
