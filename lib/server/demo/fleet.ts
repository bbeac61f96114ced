import type { Group } from "@/lib/domain/bulk";

/** The groups of the demo: what all stand on, what products share, and the products themselves. */
export const DEMO_GROUPS: readonly Group[] = [
  { name: "base1", labels: ["production:app:base1"] },
  { name: "base2", labels: ["production:app:base2"] },
  { name: "extended", labels: ["production:app", "production:product"] },
];

/** Workspaces that are published as apps, with the app's slug. */
export const DEMO_APPS: Readonly<Record<string, string>> = {
  "identity-provider": "identity",
  "notification-hub": "notification-hub",
  "knowledge-base": "knowledge-base",
  "document-reader": "document-reader",
  "analytics-dashboard": "analytics-dashboard",
  "translation-service": "translation-service",
};

/** An edit of one file: `before` is replaced by `after`. */
export interface DemoEdit {
  slug: string;
  path: string;
  before: string;
  after: string;
}

/** What changed between the first and the second release; the files in `demo/workspaces` are the second. */
export const SECOND_RELEASE: readonly DemoEdit[] = [
  {
    slug: "knowledge-base",
    path: "index.yml",
    before: "    passages: 4\n",
    after: "    passages: 6\n",
  },
  {
    slug: "notification-hub",
    path: "index.yml",
    before: '      from: "20:00"\n',
    after: '      from: "19:00"\n',
  },
  {
    slug: "customer-support-desk",
    path: "index.yml",
    before: "    handOverAfter: 5\n",
    after: "    handOverAfter: 3\n",
  },
  {
    slug: "analytics-dashboard",
    path: "index.yml",
    before: "    warnAt: 0.9\n",
    after: "    warnAt: 0.8\n",
  },
  {
    slug: "it-helpdesk",
    path: "automations/escalate.yml",
    before: '  schedules: ["*/30 * * * *"]\n',
    after: '  schedules: ["*/15 * * * *"]\n',
  },
  {
    slug: "hr-onboarding",
    path: "pages/first-week.yml",
    before: "      - { day: Tuesday, text: Meet the office }\n",
    after: "      - { day: Tuesday, text: Meet your team }\n",
  },
];

/** Work that nobody has pushed yet. */
export const LOCAL_EDITS: readonly DemoEdit[] = [
  {
    slug: "customer-support-desk",
    path: "pages/inbox.yml",
    before: "      - text: Mine\n",
    after:
      "      - text: Urgent\n        content: { slug: ConversationList, filter: vip }\n      - text: Mine\n",
  },
  {
    slug: "customer-support-desk",
    path: "index.yml",
    before: "      - castellan.example\n",
    after: "      - castellan.example\n      - harbour-lines.example\n",
  },
  {
    slug: "email-triage",
    path: "index.yml",
    before: "    confidence: 0.85\n    mailboxes:\n",
    after:
      "    # Raised after two applications went to the wrong team.\n    confidence: 0.9\n    mailboxes:\n",
  },
  {
    slug: "it-helpdesk",
    path: "pages/home.yml",
    before: "      - { title: Something is broken, page: ticket }\n",
    after:
      "      - { title: Something is broken, page: ticket }\n      - { title: Order equipment, page: equipment }\n",
  },
  {
    slug: "sales-assistant",
    path: "index.yml",
    before: "    discountLimit: 15\n",
    after: "    discountLimit: 20\n",
  },
];

/** Work that colleagues pushed to the remote with their own git: one to pull, one that conflicts with an edit here. */
export const REMOTE_EDITS: readonly (DemoEdit & { author: string; message: string })[] = [
  {
    slug: "meeting-notes",
    path: "automations/write-minutes.yml",
    before: "Leave out small talk.",
    after: "Leave out small talk and names of guests.",
    author: "Ines Albrecht",
    message: "Keep the names of guests out of the minutes",
  },
  {
    slug: "meeting-notes",
    path: "README.md",
    before: "Recordings are deleted every night; the minutes stay.",
    after: "Recordings are deleted every night; the minutes stay for two years.",
    author: "Ines Albrecht",
    message: "Say how long minutes are kept",
  },
  {
    slug: "sales-assistant",
    path: "index.yml",
    before: "    discountLimit: 15\n",
    after: "    discountLimit: 10\n",
    author: "Jonas Weber",
    message: "Lower the discount that needs no approval",
  },
];
