import { own } from "@/lib/domain/own";
import { AppError } from "@/lib/domain/error";
import { classifyPath, extensionOf } from "@/lib/domain/path";
import { isFields, type Fields } from "./edit/values";
import { decodeText, type Parse, parseStructured, parseTexts } from "./yaml";

/**
 * Which values of a document are text. `name`: whatever stands there, `null` and `~` included. `text`: the same, but one
 * may leave it out, and `null` does. Both hold for every item of a list or map, as of localized texts. `*`: any field.
 */
type Shape = "name" | "text" | readonly [Shape] | { readonly [field: string]: Shape };

const SHAPES = {
  index: {
    id: "name",
    name: "name",
    slug: "name",
    description: "text",
    photo: "text",
    labels: "name",
    customDomains: "name",
    config: { block: "text" },
    repositories: {
      "*": {
        name: "name",
        type: "name",
        mode: "name",
        config: { url: "name", branch: "name", dirpath: "name", auth: "text", ca: "text" },
        pull: { exclude: [{ path: "name" }] },
      },
    },
  },
  security: {
    authorizations: { rules: [{ role: "name", action: "name", subject: "name", reason: "text" }] },
  },
  automations: {
    slug: "name",
    name: "name",
    description: "text",
    labels: "name",
    when: { events: "name", schedules: "name" },
  },
  pages: { slug: "name", name: "name", description: "text", labels: "name" },
  imports: { slug: "name", appSlug: "name", appName: "text", appVersion: "text" },
  other: {},
} as const satisfies Record<string, Shape>;

/** What is text in `.import.yml`. */
const MANIFEST: Shape = {
  workspaceId: "name",
  version: "name",
  groups: "name",
  dependsOn: "name",
  app: { slug: "name", name: "name", description: "text" },
  checksums: { "*": "name" },
};

function shapeOf(shape: Shape, key: string): Shape | undefined {
  if (typeof shape === "string") return shape;
  if (Array.isArray(shape)) return undefined;
  const fields = new Map(Object.entries(shape));
  return fields.get(key) ?? fields.get("*");
}

function itemShape(shape: Shape): Shape | undefined {
  if (typeof shape === "string") return shape;
  return Array.isArray(shape) ? (shape as readonly [Shape])[0] : undefined;
}

function isScalarValue(value: unknown): boolean {
  return typeof value !== "object" || value === null || value instanceof Date;
}

/** Whether a value is no text although text is wanted there. */
function lacksText(value: unknown, shape: Shape | undefined): boolean {
  if (shape === undefined || value === undefined) return false;
  if (isScalarValue(value)) return typeof shape === "string" && typeof value !== "string";
  if (Array.isArray(value)) return value.some((item) => lacksText(item, itemShape(shape)));
  return isFields(value) && Object.entries(value).some(([key, item]) => lacksText(item, shapeOf(shape, key)));
}

function textOf(value: unknown, written: unknown, shape: Shape): string | null {
  if (value !== null) return typeof written === "string" ? written : String(value);
  return shape === "name" && typeof written === "string" && written !== "" ? written : null;
}

function withTexts(value: unknown, written: unknown, shape: Shape | undefined): unknown {
  if (shape === undefined || !lacksText(value, shape)) return value;
  if (isScalarValue(value)) return textOf(value, written, shape);
  if (Array.isArray(value))
    return value.map((item, at) =>
      withTexts(item, Array.isArray(written) ? written[at] : undefined, itemShape(shape)),
    );
  if (!isFields(value)) return value;
  const texts = isFields(written) ? written : {};
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    withTexts(item, own(texts, key), shapeOf(shape, key)),
  ]);
  return Object.fromEntries(entries) as Fields;
}

function textsOf(bytes: Uint8Array, path: string): unknown {
  try {
    return parseTexts(decodeText(bytes, path), path);
  } catch (error) {
    // The file was read before, so this is JSON that is too much for the parser of YAML: the values tell their text.
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** What was written, without the word of values that are null. */
function withoutNulls(written: unknown, value: unknown): unknown {
  if (value === null) return undefined;
  if (Array.isArray(written) && Array.isArray(value))
    return written.map((item, at): unknown => withoutNulls(item, value[at]));
  if (!isFields(written) || !isFields(value)) return written;
  const entries = Object.entries(written).map(([key, item]) => [key, withoutNulls(item, own(value, key))]);
  return Object.fromEntries(entries) as Fields;
}

function readAs(bytes: Uint8Array, path: string, shape: Shape, parse?: Parse): unknown {
  const value = parseStructured(bytes, path, parse);
  if (!lacksText(value, shape)) return value;
  const texts = textsOf(bytes, path);
  // Quotes are no matter of taste in JSON: its null is no name.
  return withTexts(value, extensionOf(path) === ".json" ? withoutNulls(texts, value) : texts, shape);
}

/**
 * The value of a structured file of a workspace, in which whatever is text is the text that stands there: `slug: 404`,
 * `name: true` and `appVersion: 1.10` need no quotes. Undefined for a file of another format. Throws UnreadableContent.
 */
export function readDocument(bytes: Uint8Array, path: string, parse?: Parse): unknown {
  return readAs(bytes, path, SHAPES[classifyPath(path).kind], parse);
}

/** The same for `.import.yml`. */
export function readManifestDocument(bytes: Uint8Array, path: string): unknown {
  return readAs(bytes, path, MANIFEST);
}
