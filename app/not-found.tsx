import Link from "next/link";
import { Logo } from "@/components/shell/logo";
import { buttonClass } from "@/components/ui/button";

export default function NotFound() {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center px-6 text-center">
      <Logo className="mb-6 size-10" />
      <h1 className="text-xl font-semibold tracking-tight">This track leads nowhere</h1>
      <p className="mt-1 mb-6 text-muted">There is no page at this address.</p>
      <Link href="/" className={buttonClass({ variant: "primary" })}>
        Go to the fleet
      </Link>
    </main>
  );
}
