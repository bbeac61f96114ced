import { describe, expect, it } from "vitest";
import { OperationKind } from "../operation";
import { bulkKindOf, operationPhase, OPERATIONS } from "../operation/kinds";

describe("the table of operation kinds", () => {
  it("gives each bulk kind events of its own, and ends every other with the same event", () => {
    for (const kind of OperationKind.options) {
      const { isBulk, events } = OPERATIONS[kind];
      expect(events.completed).toBe(isBulk ? `workspaces.${kind}.completed` : "operation.completed");
      expect(bulkKindOf(events.completed)).toBe(isBulk ? kind : undefined);
    }
  });

  it("knows the phase that an event tells of, and none for other types", () => {
    expect(operationPhase("workspaces.bulkImport.started")).toBe("started");
    expect(operationPhase("workspaces.bulkPush.progress")).toBe("progress");
    expect(operationPhase("operation.completed")).toBe("completed");
    for (const type of ["workspaces.versions.progress", "workspaces.bulkPush.started.mine", "constructor"])
      expect([operationPhase(type), bulkKindOf(type)]).toEqual([undefined, undefined]);
  });
});
