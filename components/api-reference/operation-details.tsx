"use client";

import { own } from "@/lib/domain/own";
import { useSyncExternalStore, type ReactNode } from "react";
import { curlExample, type ApiOperation, type Parameter, type Schema } from "@/lib/client/api-document";
import { Badge, type Tone } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/text";
import { SchemaView, typeWords } from "./schema-view";

const TONES: Record<string, Tone> = {
  GET: "info",
  POST: "success",
  PUT: "warning",
  PATCH: "warning",
  DELETE: "danger",
};

/** The method of a request: a word, and a colour besides. */
export function MethodBadge({ method }: { method: string }) {
  return (
    <Badge tone={own(TONES, method) ?? "neutral"} className="w-15 justify-center font-mono">
      {method}
    </Badge>
  );
}

function useOrigin(): string {
  return useSyncExternalStore(
    () => () => undefined,
    () => window.location.origin,
    () => "",
  );
}

const ACCESS: Record<string, string> = {
  public: "Open to everyone.",
  "signed-in": "Anyone who is signed in.",
  account: "Anyone, about their own account, with a session.",
  "super-admin": "Super admins.",
};

function accessWords(access: string): string {
  const known = own(ACCESS, access);
  if (known) return known;
  const [place, action = ""] = access.split(":");
  return `Needs ${action.replaceAll("_", " ")} on the ${place === "platform" ? "platform" : "workspace"}.`;
}

interface OperationDetailsProps {
  operation: ApiOperation;
  schemas: Record<string, Schema>;
}

/** Everything about one operation: who can call it, what it takes and returns, and a command to try it. */
export function OperationDetails({ operation, schemas }: OperationDetailsProps) {
  const origin = useOrigin();
  const command = curlExample(operation, origin);
  const { description, parameters, requestBody, responses } = operation;
  const { 200: done, ...failures } = responses;
  return (
    <div className="flex flex-col gap-4 border-t border-line px-4 py-4">
      <p className="text-sm text-pretty text-soft">
        {description && `${description} `}
        {accessWords(operation["x-required-access"])}
      </p>
      {parameters.length > 0 && (
        <Part title="Parameters">
          <Parameters parameters={parameters} />
        </Part>
      )}
      {Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => (
        <Part key={type} title="Body" type={type}>
          <SchemaView schema={schema} schemas={schemas} />
        </Part>
      ))}
      {Object.entries(done?.content ?? {}).map(([type, { schema }]) => (
        <Part key={type} title="Answer" type={type}>
          {type === "application/json" ? (
            <SchemaView schema={schema} schemas={schemas} />
          ) : (
            <p className="text-xs text-muted">{streamWords(type)}</p>
          )}
        </Part>
      ))}
      <Part title="Errors">
        <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-soft">
          {Object.entries(failures).map(([status, failure]) => (
            <li key={status}>
              <code className="font-mono font-medium text-text">{status}</code> {failure.description}
            </li>
          ))}
        </ul>
      </Part>
      <Part title="Example">
        <div className="relative">
          <pre
            // Scrolled by keyboard where it is wider than the page.
            tabIndex={0}
            aria-label="Command"
            className="overflow-x-auto rounded-md border border-line bg-sunken p-3 pr-12 font-mono text-xs"
          >
            {command}
          </pre>
          <CopyButton value={command} label="Copy the command" className="absolute top-1.5 right-1.5" />
        </div>
      </Part>
    </div>
  );
}

function streamWords(type: string): string {
  if (type === "text/event-stream") return "With ?sse=true: a stream of events; the last one is the result.";
  if (type === "application/zip") return "A zip archive, streamed while it is created.";
  return "The content as it is.";
}

function Part({ title, type, children }: { title: string; type?: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-1.5 text-xs font-semibold text-soft">
        {title} {type && <code className="font-mono font-normal text-muted">{type}</code>}
      </h3>
      {children}
    </section>
  );
}

function Parameters({ parameters }: { parameters: Parameter[] }) {
  return (
    <ul className="divide-y divide-line rounded-md border border-line text-xs">
      {parameters.map(({ name, in: place, required, description, schema }) => (
        <li key={`${place} ${name}`} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-3 py-1.5">
          <code className="font-mono font-medium">{name}</code>
          <span className="text-muted">
            {place}
            {required ? ", required" : ""}
          </span>
          <code className="font-mono text-muted">{typeWords(schema)}</code>
          {description && <span className="w-full text-soft sm:w-auto">{description}</span>}
        </li>
      ))}
    </ul>
  );
}
