/** One workspace of the measurement: its slug and its files as text. */
export interface BenchWorkspace {
  slug: string;
  files: Map<string, string>;
}

const WORDS =
  "customer invoice answer summary message channel approve collect notify schedule review profile ticket report draft".split(
    " ",
  );

/** Numbers that look random and are the same in every run. */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function sentence(next: (below: number) => number, words: number): string {
  return Array.from({ length: words }, () => WORDS[next(WORDS.length)]).join(" ");
}

function automation(slug: string, next: (below: number) => number): string {
  const steps = Array.from({ length: 6 + next(8) }, (_, step) =>
    [
      `  - set:`,
      `      name: step${String(step)}`,
      `      value: '${sentence(next, 6)} ${String(next(1_000_000))}'`,
    ].join("\n"),
  );
  return `slug: ${slug}\nname: ${sentence(next, 3)}\nwhen:\n  endpoint: true\ndo:\n${steps.join("\n")}\n`;
}

function page(slug: string, next: (below: number) => number): string {
  const blocks = Array.from(
    { length: 3 + next(4) },
    () => `  - slug: RichText\n    content: "<p>${sentence(next, 20)} ${String(next(1_000_000))}</p>"`,
  );
  return `slug: ${slug}\nname: ${sentence(next, 2)}\nblocks:\n${blocks.join("\n")}\n`;
}

/** Workspaces of `files` files each: settings, security, automations, pages and app instances. */
export function makeWorkspaces(count: number, files: number, prefix = "bench"): BenchWorkspace[] {
  return Array.from({ length: count }, (_, index) => {
    const next = numbers(index + 1);
    const slug = `${prefix}-${String(index).padStart(5, "0")}`;
    const entries = new Map<string, string>();
    entries.set(
      "index.yml",
      `name: Bench ${String(index)}\nslug: ${slug}\nlabels:\n  - bench:all\nconfig:\n  value:\n    seed: ${String(next(1_000_000))}\n`,
    );
    entries.set("security.yml", "authorizations:\n  roles:\n    editor: {}\n");
    entries.set("imports/Shared.yml", `appSlug: shared-${String(next(9))}\nslug: Shared\n`);
    for (let n = 0; entries.size < files; n++) {
      if (n % 3 === 2) entries.set(`pages/page-${String(n)}.yml`, page(`page-${String(n)}`, next));
      else entries.set(`automations/step-${String(n)}.yml`, automation(`step-${String(n)}`, next));
    }
    return { slug, files: entries };
  });
}
