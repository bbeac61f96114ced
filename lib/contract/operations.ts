import { z } from "zod";
import { Operation } from "@/lib/domain/operation";
import { OperationList } from "@/lib/domain/wire/api";
import { param } from "./endpoint/audit";
import { Flag, Page } from "./endpoint/query";
import { endpointsOf } from "./endpoint";

const endpoint = endpointsOf("Operations");

export const operations = {
  list: endpoint({
    method: "GET",
    path: "/v2/operations",
    access: "signed-in",
    summary: "List operations, newest first",
    query: Page.extend({
      workspaceId: z.string().max(60).optional(),
      kind: z.string().max(40).optional(),
      state: z.string().max(40).optional(),
    }),
    response: OperationList,
  }),
  read: endpoint({
    method: "GET",
    path: "/v2/operations/[operationId]",
    access: "signed-in",
    summary: "Read an operation, or follow it",
    query: z.object({ sse: Flag.default(false) }),
    response: Operation,
    streams: true,
  }),
  cancel: endpoint({
    method: "POST",
    path: "/v2/operations/[operationId]/cancel",
    access: "signed-in",
    summary: "Ask a running operation to stop",
    response: Operation,
    audit: { action: "operation.cancelled", target: param("operationId") },
  }),
  retry: endpoint({
    method: "POST",
    path: "/v2/operations/[operationId]/retry",
    access: "signed-in",
    summary: "Retry an operation that has ended",
    response: Operation,
    starts: true,
    audit: { action: "operation.retried", target: param("operationId") },
  }),
};
