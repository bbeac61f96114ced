const opaque = (tag: string) => tag.trim().replace(/^W\//, "");

/** Whether `If-None-Match` names this ETag; as of reads, weakly: a proxy may have weakened it. */
function names(ifNoneMatch: string, etag: string): boolean {
  return ifNoneMatch.split(",").some((tag) => tag.trim() === "*" || opaque(tag) === opaque(etag));
}

/** 304 in the place of an answer to a read that the client has already, as its `If-None-Match` tells. */
export function unlessUnchanged(request: Request, response: Response): Response {
  const ifNoneMatch = request.headers.get("if-none-match");
  const etag = response.headers.get("etag");
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (!isRead || response.status !== 200 || ifNoneMatch === null || etag === null) return response;
  if (!names(ifNoneMatch, etag)) return response;
  void response.body?.cancel();
  const headers = new Headers(response.headers);
  headers.delete("content-type");
  return new Response(null, { status: 304, headers });
}
