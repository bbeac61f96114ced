import { randomBytes } from "node:crypto";
import { NextResponse, type NextRequest } from "next/server";
import { pageHeaders } from "@/lib/http/page-headers";

/** Gives every page its headers; Next puts the nonce of the request's policy on the scripts that it writes. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = randomBytes(16).toString("base64");
  const answered = pageHeaders(nonce, process.env.NODE_ENV === "development");
  const asked = new Headers(request.headers);
  asked.set("content-security-policy", answered["content-security-policy"]);
  asked.set("x-nonce", nonce);
  const response = NextResponse.next({ request: { headers: asked } });
  for (const [name, value] of Object.entries(answered)) response.headers.set(name, value);
  return response;
}

// The API answers for itself, and files are no pages.
export const config = { matcher: "/((?!v2$|v2/|_next/|healthz$|metrics$|icon\\.svg$|robots\\.txt$).*)" };
