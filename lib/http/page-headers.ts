/**
 * What comes with every page of the console. The policy lets the page's own scripts run, named by a nonce that no
 * other answer has, and lets nobody show the console in a frame, where one click would roll a workspace back.
 */
export function pageHeaders(nonce: string, isDevelopment: boolean) {
  // React rebuilds errors of the server with `eval` while one develops.
  const evaluation = isDevelopment ? " 'unsafe-eval'" : "";
  const policy = [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${evaluation}`,
    // Widths, heights and the editor's colours are styles of single elements.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  };
}
