"use client";

import { useEffect, useState, type SubmitEvent } from "react";
import { Link2Off, LogIn, ShieldX } from "lucide-react";
import { safeNext } from "@/lib/domain/access/next-path";
import { session } from "@/lib/contract/people";
import { leaveFor, toApiError, type ApiError } from "@/lib/client/api";
import { addressOf, call } from "@/lib/client/api/call";
import { Button, buttonClass } from "@/components/ui/button";
import { ErrorPanel, Notice } from "@/components/ui/states";
import { EnvironmentStripe, type Environment } from "@/components/shell/environment";
import { Logo } from "@/components/shell/logo";
import { TextField } from "@/components/ui/form/text-field";

interface SignInFormProps {
  next?: string;
  /** The one-time link that led here was used before or has expired. */
  linkFailed: boolean;
  /** The OIDC provider sent the browser back without letting its user in. */
  oidcFailed: boolean;
  /** What the OIDC provider is called; absent where there is none. */
  oidcName?: string;
  environment: Environment;
}

/** The token of a link, which is in the fragment so that no server or log sees it. */
function takeLinkToken(): string | null {
  const token = /^#link=([\w-]{20,200})$/.exec(window.location.hash)?.[1] ?? null;
  if (token !== null) window.history.replaceState(null, "", window.location.pathname);
  return token;
}

/** Signs in with e-mail and password. */
export function SignInForm({ next, linkFailed, oidcFailed, oidcName, environment }: SignInFormProps) {
  const [state, setState] = useState<"idle" | "sending">("idle");
  const [error, setError] = useState<ApiError | null>(null);

  useEffect(() => {
    const token = takeLinkToken();
    if (token === null) return;
    call(session.redeemLink, { body: { token } }).then(
      () => {
        // Whoever was invited has no password yet, or none that they know.
        leaveFor(next === undefined ? "/account" : safeNext(next));
      },
      (cause: unknown) => {
        setError(toApiError(cause));
      },
    );
  }, [next]);

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setState("sending");
    setError(null);
    const typed = (field: string) => {
      const value = form.get(field);
      return typeof value === "string" ? value : "";
    };
    const body = { email: typed("email"), password: typed("password") };
    call(session.signIn, { body }).then(
      () => {
        leaveFor(safeNext(next));
      },
      (cause: unknown) => {
        setError(toApiError(cause));
        setState("idle");
      },
    );
  }

  return (
    <>
      <EnvironmentStripe environment={environment} />
      <main className="flex min-h-[calc(100dvh-3px)] items-center justify-center px-4 py-12">
        <div className="w-full max-w-88">
          <Logo className="mb-6 size-10" />
          <h1 className="text-2xl font-semibold tracking-tight">Sign in to Switchyard</h1>
          <p className="mt-1 mb-7 text-base text-pretty text-muted">
            Version, promote and roll back your workspaces{environment.name && ` in ${environment.name}`}.
          </p>
          <form className="flex flex-col gap-4" onSubmit={submit}>
            {linkFailed && !error && (
              <Notice tone="warning" icon={Link2Off} title="This sign-in link no longer works">
                It works only once and expires. Sign in with your password, or ask a super admin for a new
                link.
              </Notice>
            )}
            {oidcFailed && !error && (
              <Notice
                tone="warning"
                icon={ShieldX}
                title={`${oidcName ?? "The provider"} did not sign you in`}
              >
                Try again. If it happens again, ask a super admin to check the audit log.
              </Notice>
            )}
            {error && (
              <ErrorPanel
                title="Not signed in"
                error={{
                  message: error.message,
                  ...(error.code === "Unauthenticated" ? {} : { code: error.code }),
                }}
              />
            )}
            <TextField
              label="E-mail"
              name="email"
              type="email"
              autoComplete="username"
              autoFocus
              required
              controlClassName="h-10"
            />
            <TextField
              label="Password"
              name="password"
              type="password"
              autoComplete="current-password"
              required
              controlClassName="h-10"
            />
            <Button
              type="submit"
              variant="primary"
              size="lg"
              busy={state === "sending"}
              className="mt-1 w-full"
            >
              Sign in
            </Button>
            {oidcName !== undefined && (
              <a
                className={buttonClass({ size: "lg" }, "w-full")}
                href={addressOf(session.beginOidc, { query: { next: safeNext(next) } })}
              >
                <LogIn aria-hidden />
                Sign in with {oidcName}
              </a>
            )}
            <p className="text-xs text-pretty text-muted">
              First start? Look for the one-time link and password in the server&apos;s output.
            </p>
          </form>
        </div>
      </main>
    </>
  );
}
