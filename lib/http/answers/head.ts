/** The answer to HEAD. Nobody would read the body, and a stream that nobody reads would stay open. */
export async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, { status: response.status, headers: response.headers });
}
