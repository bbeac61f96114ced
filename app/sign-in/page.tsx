import type { Metadata } from "next";
import { SignInForm } from "@/components/sign-in/sign-in-form";
import { getEngine } from "@/lib/server/compose/get-engine";

export const metadata: Metadata = { title: "Sign in" };

interface Props {
  searchParams: Promise<{ next?: string | string[]; problem?: string | string[] }>;
}

export default async function SignIn({ searchParams }: Props) {
  const { next, problem } = await searchParams;
  const { env } = await getEngine();
  return (
    <SignInForm
      environment={env.environment}
      linkFailed={problem === "link"}
      oidcFailed={problem === "oidc"}
      {...(env.access.oidc ? { oidcName: env.access.oidc.name } : {})}
      {...(typeof next === "string" ? { next } : {})}
    />
  );
}
