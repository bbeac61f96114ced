import type { Metadata } from "next";
import { OperationPage } from "@/components/operations/operation-page";

export const metadata: Metadata = { title: "Operation" };

export default async function OneOperation({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <OperationPage key={id} id={id} />;
}
