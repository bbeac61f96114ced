import { nanoid } from "nanoid";
import { breathe } from "@/lib/runtime/pace";
import { invariant } from "@/lib/domain/error";
import type { NewEvent } from "@/lib/domain/event";
import { ATTEMPT_PHASE } from "@/lib/store/contract";
import type { Journal, Ports } from "@/lib/versioning/ports";
import { grantsOf, type Grants } from "../access/permissions";
import { isUnscoped } from "@/lib/domain/access/roles";
import { namesOf } from "../access/users/names";
import { widenedBeyond } from "../access/sharing/widening";
import type { Engine } from "../engine";
import type { Redactor } from "../redact";
import { newSecretUses } from "../repositories/secret-uses";
import type { Viewer } from "../viewer";
import { formerAppSlug } from "../workspaces/naming/former-app-slug";
import { mayTakeId } from "../workspaces/naming/former-id";
import { endsOperation } from "./follow";
import { LeaseKeeper, overriding } from "./leases";

export interface OperationScope {
  operationId: string;
  acceptedAt: Date;
  redactor: Redactor;
  signal: AbortSignal;
  keeper: LeaseKeeper;
  /** Called whenever the operation gets on. */
  progressed: () => void;
  /** Events that close the stream; stored when the operation ends, after its locks are free. */
  closing: NewEvent[];
}

function storedJournal(engine: Pick<Engine, "store" | "instanceId">, scope: OperationScope): Journal {
  const { instanceId } = engine;
  const { operations, events } = engine.store;
  const { operationId, acceptedAt, redactor } = scope;
  return {
    operationId,
    acceptedAt,
    async phase(name, facts = {}) {
      scope.progressed();
      await operations.appendJournal(operationId, instanceId, name, redactor.plain(facts), new Date());
    },
    async attempt(attempt) {
      scope.progressed();
      const facts = {
        ...attempt,
        workspaces: attempt.workspaces.map((prepared) => ({
          ...prepared,
          write: { ...prepared.write, events: redactor.plain(prepared.write.events) },
        })),
      };
      return operations.appendJournal(operationId, instanceId, ATTEMPT_PHASE, facts, new Date());
    },
    async settle(sequence, outcome) {
      scope.progressed();
      await operations.settleJournal(operationId, sequence, outcome);
    },
    unconfirmed: (repositoryId, workspaceIds) => operations.unconfirmedAttempts(repositoryId, workspaceIds),
    confirm: (attempt) => operations.settleJournal(attempt.operationId, attempt.sequence, "recorded"),
    async emit(given) {
      scope.progressed();
      const closing = given.filter(endsOperation);
      scope.closing.push(...closing);
      const open = given.filter((event) => !closing.includes(event));
      if (open.length === 0) return;
      const redacted = redactor.plain(open);
      await breathe();
      await events.append(redacted);
    },
  };
}

function lacksOf(grants: Grants): NonNullable<Ports["actor"]["lacks"]> {
  return (part, workspaceId, before, after) => {
    if (part === "security") {
      const [widened] = widenedBeyond(before, after, (action) => grants.may(action, workspaceId));
      return widened === undefined
        ? null
        : `it gives roles permissions that you do not have yourself (${widened})`;
    }
    const [use] = grants.may("manage_security", workspaceId) ? [] : newSecretUses(before, after);
    return use
      ? `the secret ${use.name} would go to ${use.origin}, and you do not have permission to read secrets`
      : null;
  };
}

async function actorOf(engine: Pick<Engine, "store" | "env">, viewer: Viewer): Promise<Ports["actor"]> {
  const grants = await grantsOf(engine, viewer);
  const { id, email, firstName, lastName } = viewer.user;
  return {
    userId: id,
    name: `${firstName} ${lastName}`.trim() || email,
    email,
    may: (action, workspaceId) => grants.may(action, workspaceId),
    // Spares those who may do everything a look into what they bring.
    ...(viewer.user.superAdmin && isUnscoped(viewer.scopes) ? {} : { lacks: lacksOf(grants) }),
  };
}

type PortsEngine = Pick<Engine, "store" | "env" | "repositories" | "instanceId">;

/** What a use case needs, for one operation. */
export async function portsOf(engine: PortsEngine, viewer: Viewer, scope: OperationScope): Promise<Ports> {
  const workspaces = scope.keeper.workspaces(engine.store.workspaces);
  const actor = await actorOf(engine, viewer);
  const redacted = <T extends { events: readonly NewEvent[] }>(change: T): T => ({
    ...change,
    events: scope.redactor.plain(change.events),
  });
  return {
    repositories: engine.repositories,
    workspaces: overriding(workspaces, {
      write: (changes) => {
        scope.progressed();
        return workspaces.write(changes.map(redacted));
      },
      create: (workspace) => {
        scope.progressed();
        return workspaces.create(redacted(workspace));
      },
      createAll: (created) => {
        scope.progressed();
        return workspaces.createAll(created.map(redacted));
      },
    }),
    locks: scope.keeper.locks(),
    journal: storedJournal(engine, scope),
    clock: () => new Date(),
    newId: () => nanoid(7),
    namesOf: (ids) => namesOf(engine, ids),
    formerAppSlug: (workspaceId) => formerAppSlug(engine, workspaceId),
    mayTakeId: (workspaceId) => mayTakeId(engine, actor, workspaceId),
    groups: engine.env.groups,
    limits: engine.env.limits,
    workspacesPerPush: engine.env.limits.refsPerPush,
    actor,
    source: {
      userId: viewer.user.id,
      correlationId: viewer.correlationId,
      ...(viewer.sessionId === undefined ? {} : { sessionId: viewer.sessionId }),
    },
    signal: scope.signal,
  };
}

function refuseWrite(): Promise<never> {
  invariant(false, "a plan tried to write");
}

/** What a look needs that changes nothing: events are dropped, any write is a mistake of ours. */
export async function readOnlyPorts(
  engine: PortsEngine & Pick<Engine, "redactor">,
  viewer: Viewer,
): Promise<Ports> {
  const ports = await portsOf(engine, viewer, {
    operationId: `plan-${nanoid()}`,
    acceptedAt: new Date(),
    redactor: engine.redactor,
    // A plan is made while its request waits; it may take as long as a remote may be silent.
    signal: AbortSignal.timeout(engine.env.limits.remoteStallSeconds * 1000),
    keeper: new LeaseKeeper(engine.store.locks),
    progressed: () => undefined,
    closing: [],
  });
  return {
    ...ports,
    locks: overriding(ports.locks, { acquire: refuseWrite, set: refuseWrite, clear: refuseWrite }),
    workspaces: overriding(ports.workspaces, {
      create: refuseWrite,
      createAll: refuseWrite,
      write: refuseWrite,
      delete: refuseWrite,
      putObjects: refuseWrite,
    }),
    journal: {
      operationId: ports.journal.operationId,
      acceptedAt: ports.journal.acceptedAt,
      phase: () => Promise.resolve(),
      attempt: refuseWrite,
      settle: refuseWrite,
      unconfirmed: (repositoryId, workspaceIds) => ports.journal.unconfirmed(repositoryId, workspaceIds),
      confirm: refuseWrite,
      emit: () => Promise.resolve(),
    },
  };
}

/** Ports of a look at the remote: it records pushes that it finds arrived late, and nothing else. */
export function lookingPorts(engine: Pick<Engine, "store">, ports: Ports): Ports {
  const { operations, workspaces } = engine.store;
  return {
    ...ports,
    workspaces: overriding(ports.workspaces, { write: (changes) => workspaces.write(changes) }),
    journal: {
      ...ports.journal,
      confirm: ({ operationId, sequence }) => operations.settleJournal(operationId, sequence, "recorded"),
    },
  };
}
