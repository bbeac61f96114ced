import { AppError } from "@/lib/domain/error";

/** Sends the browser elsewhere, with cookies. */
export function redirect(location: string, cookies: readonly string[] = []): Response {
  // The address that led here may hold a token; it must not travel on as a referrer.
  const headers = new Headers({ location, "referrer-policy": "no-referrer" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

/** Sends the browser to the sign-in page, which says what went wrong. Throws what is not the browser's to see. */
export function redirectProblem(error: unknown, problem: "oidc", cookies: readonly string[] = []): Response {
  if (error instanceof AppError && (error.code === "Unauthenticated" || error.code === "Unavailable"))
    return redirect(`/sign-in?problem=${problem}`, cookies);
  throw error;
}
