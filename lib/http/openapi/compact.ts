import { own, setOwn } from "@/lib/domain/own";
import type { DocumentAnswer, DocumentHeader } from "./answers";
import type { DocumentOperation, OpenApiDocument } from "./document";

type Reference = { $ref: string };
type CompactAnswer = Omit<DocumentAnswer, "headers"> & { headers?: Record<string, Reference> };
type CompactOperation = Omit<DocumentOperation, "responses"> & {
  responses: Record<string, CompactAnswer | Reference>;
};

/** The document as it is served: what many operations share stands in it once. */
export type CompactDocument = Omit<OpenApiDocument, "paths" | "components"> & {
  paths: Record<string, Record<string, CompactOperation>>;
  components: OpenApiDocument["components"] & {
    headers: Record<string, DocumentHeader>;
    responses: Record<string, CompactAnswer>;
  };
};

/** Names for things that are alike, under which they stand once. */
class Shared<T> {
  readonly named: Record<string, T> = {};
  readonly #names = new Map<string, string>();

  constructor(private readonly place: string) {}

  reference(wish: string, value: T): Reference {
    const text = JSON.stringify(value);
    const name = this.#names.get(`${wish} ${text}`) ?? this.#free(wish);
    this.#names.set(`${wish} ${text}`, name);
    setOwn(this.named, name, value);
    return { $ref: `#/components/${this.place}/${name}` };
  }

  #free(wish: string): string {
    for (let number = 1; ; number++) {
      const name = number === 1 ? wish : `${wish}${String(number)}`;
      if (!Object.hasOwn(this.named, name)) return name;
    }
  }
}

const NAMES: Record<string, string> = {
  400: "BadRequest",
  401: "Unauthenticated",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  412: "PreconditionFailed",
  413: "TooLarge",
  422: "UnreadableContent",
  423: "Locked",
  429: "TooManyRequests",
  500: "Internal",
  502: "RemoteFailed",
};

/** `x-correlation-id` as the name of a component. */
function nameOf(header: string): string {
  return header
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** Says the same as the document, with headers and failures told once: a third of its length, and of a client made of it. */
export function compact(document: OpenApiDocument): CompactDocument {
  const headers = new Shared<DocumentHeader>("headers");
  const responses = new Shared<CompactAnswer>("responses");
  const answer = ({ headers: sent, ...rest }: DocumentAnswer): CompactAnswer => ({
    ...rest,
    ...(sent
      ? {
          headers: Object.fromEntries(
            Object.entries(sent).map(([name, header]) => [name, headers.reference(nameOf(name), header)]),
          ),
        }
      : {}),
  });
  const operation = ({ responses: answers, ...rest }: DocumentOperation): CompactOperation => ({
    ...rest,
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, told]) => {
        const name = own(NAMES, status);
        return [status, name === undefined ? answer(told) : responses.reference(name, answer(told))];
      }),
    ),
  });
  const paths = Object.fromEntries(
    Object.entries(document.paths).map(([path, methods]) => [
      path,
      Object.fromEntries(Object.entries(methods).map(([method, told]) => [method, operation(told)])),
    ]),
  );
  return {
    ...document,
    paths,
    components: { ...document.components, headers: headers.named, responses: responses.named },
  };
}
