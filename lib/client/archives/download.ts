export interface Downloaded {
  fileName: string;
  size: number;
}

function nameIn(response: Response, fallback: string): string {
  return /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? fallback;
}

async function collect(response: Response, onProgress?: (received: number) => void): Promise<Blob> {
  const parts: BlobPart[] = [];
  let received = 0;
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
    parts.push(next.value);
    received += next.value.byteLength;
    onProgress?.(received);
  }
  return new Blob(parts, { type: response.headers.get("content-type") ?? "application/zip" });
}

function save(blob: Blob, fileName: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has taken the blob over by the next turn.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  });
}

/**
 * Hands the file that an answer brings to the browser to save; `onProgress` is told how many bytes came so far. A plain
 * link would save a refusal as if it were the file; this throws it as an ApiError.
 */
export async function download(
  answer: Promise<Response>,
  onProgress?: (received: number) => void,
): Promise<Downloaded> {
  const response = await answer;
  const blob = await collect(response, onProgress);
  const fileName = nameIn(response, "archive.zip");
  save(blob, fileName);
  return { fileName, size: blob.size };
}
