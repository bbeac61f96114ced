"use client";

import { useEffect } from "react";
import { leaveForSignIn } from "@/lib/client/api";

/** Leads to the sign-in page and, after that, back to this address, which only the browser knows whole. */
export function LeaveForSignIn() {
  useEffect(leaveForSignIn, []);
  return (
    <p role="status" className="p-8 text-muted">
      Taking you to the sign-in page…
    </p>
  );
}
