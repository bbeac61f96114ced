import type { CustomDomain } from "@/lib/domain/wire/custom-domain";
import { AppError } from "@/lib/domain/error";
import { newEvent } from "@/lib/domain/event";
import type { DomainRecord } from "@/lib/store/contract";
import type { WorkspaceRecord } from "@/lib/versioning/ports";
import type { Engine } from "../../engine";
import type { Viewer } from "../../viewer";
import { changeSingle } from "../contents/index-file";
import { checkDomain, isRootDomain } from "./check";
import { checkDomains, parseDomain } from "../naming/domain-names";

type DomainEngine = Pick<Engine, "store" | "env" | "masterKey" | "redactor" | "dns">;

function toView({ env }: DomainEngine, { domain, status, problem, checkedAt }: DomainRecord): CustomDomain {
  return {
    domain,
    status,
    ...(problem === null ? {} : { problem }),
    ...(checkedAt === null ? {} : { checkedAt }),
    record: { type: isRootDomain(domain) ? "ALIAS" : "CNAME", name: domain, value: env.pagesHost },
  };
}

/** A workspace's domains with the records to create and what was last seen of them. */
export async function listDomains(engine: DomainEngine, workspace: WorkspaceRecord): Promise<CustomDomain[]> {
  return (await engine.store.domains.of(workspace.id)).map((record) => toView(engine, record));
}

async function requireDomain(
  engine: DomainEngine,
  workspace: WorkspaceRecord,
  text: string,
): Promise<DomainRecord> {
  const domain = parseDomain(text);
  const record = (await engine.store.domains.of(workspace.id)).find((one) => one.domain === domain);
  if (record) return record;
  throw new AppError("NotFound", `${domain} is not a domain of this workspace.`, { domain });
}

async function setDomains(
  engine: DomainEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  domains: string[],
): Promise<void> {
  const change = ({ customDomains: _before, ...index }: Record<string, unknown>) =>
    domains.length > 0 ? { ...index, customDomains: domains } : index;
  await changeSingle(engine, viewer, workspace, "index", change, { settings: { customDomains: domains } });
}

/** Claims a domain for the workspace and looks at it. Throws DomainAlreadyInUse, InvalidRequest, WorkspaceLocked. */
export async function addDomain(
  engine: DomainEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  text: string,
): Promise<CustomDomain> {
  const domain = parseDomain(text);
  const known = (await engine.store.domains.of(workspace.id)).map((record) => record.domain);
  if (!known.includes(domain))
    await setDomains(engine, viewer, workspace, checkDomains([...workspace.customDomains, domain]));
  return lookAtDomain(engine, viewer, workspace, domain);
}

/** Gives a domain up. Throws NotFound, WorkspaceLocked. */
export async function removeDomain(
  engine: DomainEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  text: string,
): Promise<{ domain: string }> {
  const { domain } = await requireDomain(engine, workspace, text);
  const left = workspace.customDomains.filter((one) => one !== domain);
  await setDomains(engine, viewer, workspace, left);
  return { domain };
}

/** Looks a domain up now and remembers what was found; an event tells when its status changed. */
export async function noteDomain(
  engine: DomainEngine,
  viewer: Viewer,
  record: DomainRecord,
): Promise<DomainRecord> {
  const finding = await checkDomain(engine.dns, record, engine.env.pagesHost);
  const { domain, workspaceId } = record;
  const noted = { ...record, ...finding, checkedAt: new Date().toISOString() };
  const payload = { domain, ...finding, previousStatus: record.status };
  const events =
    finding.status === record.status
      ? []
      : [newEvent(viewer, "workspaces.customDomains.updated", workspaceId, payload)];
  await engine.store.domains.note(noted, events);
  return noted;
}

/** Checks one domain on demand. Throws NotFound. */
export async function lookAtDomain(
  engine: DomainEngine,
  viewer: Viewer,
  workspace: WorkspaceRecord,
  text: string,
): Promise<CustomDomain> {
  return toView(engine, await noteDomain(engine, viewer, await requireDomain(engine, workspace, text)));
}
