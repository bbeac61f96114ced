import { z } from "zod";
import type { DocumentAnswer } from "@/lib/http/openapi/answers";
import type { DocumentOperation, OpenApiDocument } from "@/lib/http/openapi/document";
import type { JsonSchema } from "@/lib/http/openapi/schemas";

// What every server sends, and no contract speaks of.
const UNSPOKEN = new Set(["content-type", "cache-control", "x-content-type-options", "set-cookie"]);
const UNSPOKEN_OF_ERRORS = new Set(["retry-after", "www-authenticate", "allow", "etag", "x-operation-id"]);
const UNSPOKEN_OF_FILES = new Set(["content-disposition", "content-security-policy", "x-accel-buffering"]);
const UNSPOKEN_OF_REDIRECTS = new Set(["referrer-policy"]);

/** A JSON schema that stands on its own: the document's components travel with it. */
function standalone(document: OpenApiDocument, schema: JsonSchema): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
  const moved = text.replaceAll("#/components/schemas/", "#/$defs/");
  return z.fromJSONSchema(JSON.parse(moved) as Parameters<typeof z.fromJSONSchema>[0]);
}

/** Compares answers with what the document says of them, which is all that it goes by. */
export class AnswerCheck {
  readonly #compiled = new Map<JsonSchema, z.ZodType>();

  constructor(readonly document: OpenApiDocument) {}

  /** What a client that believes the document would not expect of this answer. */
  async problems(operation: DocumentOperation, response: Response): Promise<string[]> {
    const told = operation.responses[String(response.status)];
    if (!told) return [`status ${String(response.status)}: ${(await response.text()).slice(0, 300)}`];
    return [...this.#headers(told, response), ...(await this.#body(told, response))];
  }

  #headers({ headers = {} }: DocumentAnswer, response: Response): string[] {
    const missing = Object.entries(headers).flatMap(([name, { required }]) =>
      required && !response.headers.has(name) ? [`no header ${name}`] : [],
    );
    const wrong = Object.entries(headers).flatMap(([name, { schema }]) => {
      const value = response.headers.get(name);
      return value !== null && schema.type === "integer" && !/^\d+$/.test(value) ? [`${name}: ${value}`] : [];
    });
    const isJson = response.headers.get("content-type")?.startsWith("application/json") ?? false;
    const unspoken = [
      UNSPOKEN,
      ...(response.status >= 400 ? [UNSPOKEN_OF_ERRORS] : []),
      ...(isJson ? [] : [UNSPOKEN_OF_FILES]),
      ...(response.status === 303 ? [UNSPOKEN_OF_REDIRECTS] : []),
    ];
    const untold = [...response.headers.keys()].filter(
      (name) => !(name in headers) && !unspoken.some((names) => names.has(name)),
    );
    return [...missing, ...wrong, ...untold.map((name) => `a header the document does not know: ${name}`)];
  }

  async #body({ content = {} }: DocumentAnswer, response: Response): Promise<string[]> {
    const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
    const text = await response.text();
    if (Object.keys(content).length === 0) return text === "" ? [] : [`a body: ${text.slice(0, 100)}`];
    const told = Object.entries(content).find(([name]) => name.split(";")[0] === type)?.[1];
    if (!told) return [`content type ${type}`];
    if (type !== "application/json" || told.schema.type === "string")
      return text === "" ? ["an empty body"] : [];
    const parsed = this.#schema(told.schema).safeParse(JSON.parse(text));
    return parsed.success ? [] : [`${z.prettifyError(parsed.error)}\n${text.slice(0, 600)}`];
  }

  #schema(schema: JsonSchema): z.ZodType {
    const known = this.#compiled.get(schema) ?? standalone(this.document, schema);
    this.#compiled.set(schema, known);
    return known;
  }
}
