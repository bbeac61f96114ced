import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Busboy, type BusboyFileStream } from "@fastify/busboy";
import { AppError } from "@/lib/domain/error";
import type { UploadedArchive } from "@/lib/server/archives/open";
import { linger, readerOf, type BodyReader } from "./linger";

const FIELD = "archive";
// What the form around the file may add.
const FORM_BYTES = 64 * 1024;

function tooLarge(limit: number): AppError {
  return new AppError("TooLarge", `An uploaded archive can have at most ${String(limit)} bytes.`, { limit });
}

function notAForm(cause?: unknown): AppError {
  return new AppError(
    "InvalidRequest",
    `Send the archive as multipart/form-data, in the field ${FIELD}.`,
    { field: FIELD },
    { cause },
  );
}

type Form = InstanceType<typeof Busboy>;

function formReader(contentType: string, maxBytes: number): Form {
  try {
    return new Busboy({
      headers: { "content-type": contentType },
      limits: { fileSize: maxBytes, files: 1, fields: 1, parts: 2, fieldSize: 1024, headerPairs: 20 },
    });
  } catch (cause) {
    throw notAForm(cause);
  }
}

/** The pieces of a body, up to the moment when it is refused. */
async function* piecesOf(reader: BodyReader, isRefused: () => boolean): AsyncGenerator<Uint8Array> {
  while (!isRefused()) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** Writes the one file of a form to `path` as it comes; answers its digest. Throws InvalidRequest, TooLarge. */
async function spool(reader: BodyReader, form: Form, path: string, maxBytes: number): Promise<string> {
  const hash = createHash("sha256");
  let problem: AppError | null = null;
  let written: Promise<void> | null = null;
  const refuse = (error: AppError) => {
    problem ??= error;
  };
  form.on("file", (field: string, file: BusboyFileStream) => {
    file.on("error", (cause: unknown) => refuse(notAForm(cause)));
    if (field !== FIELD) {
      refuse(
        new AppError(
          "InvalidRequest",
          `The form has a file ${JSON.stringify(field.slice(0, 100))}; send the archive in the field ${FIELD}.`,
          { field: FIELD },
        ),
      );
      file.resume();
      return;
    }
    file.once("limit", () => refuse(tooLarge(maxBytes)));
    file.on("data", (piece: Uint8Array) => hash.update(piece));
    written = pipeline(file, createWriteStream(path, { mode: 0o600 }));
    // Heard here as well, so that a failure before the form ends has someone to hear it.
    written.catch(() => undefined);
  });
  form.on("field", (field: string) =>
    refuse(
      new AppError(
        "InvalidRequest",
        `The form has an unknown field: ${JSON.stringify(field.slice(0, 100))}.`,
        { keys: [field.slice(0, 100)] },
      ),
    ),
  );
  form.on("partsLimit", () => refuse(notAForm()));
  form.on("filesLimit", () => refuse(notAForm()));
  try {
    await pipeline(Readable.from(piecesOf(reader, () => problem !== null)), form);
    await (written as Promise<void> | null);
  } catch (cause) {
    // A form that was refused half-way ends too soon; why it was refused says more.
    throw (problem as AppError | null) ?? notAForm(cause);
  }
  if (problem) throw problem as AppError;
  if (!written) throw notAForm();
  return hash.digest("hex");
}

/**
 * Receives the archive of a form, a piece at a time, into a file that has no name any more when this returns: however
 * the process ends, nothing of it is left. Throws InvalidRequest, TooLarge.
 */
export async function receiveArchive(
  request: Request,
  maxBytes: number,
): Promise<UploadedArchive & { digest: string }> {
  const reader = readerOf(request);
  if (!reader) throw notAForm();
  const folder = await mkdtemp(join(tmpdir(), "switchyard-upload-"));
  try {
    if (Number(request.headers.get("content-length") ?? "0") > maxBytes + FORM_BYTES)
      throw tooLarge(maxBytes);
    const path = join(folder, "archive.zip");
    const form = formReader(request.headers.get("content-type") ?? "", maxBytes);
    const digest = await spool(reader, form, path, maxBytes);
    const file = await open(path, "r");
    return { fd: file.fd, digest, close: () => file.close() };
  } catch (error) {
    void linger(reader);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
