// Guarantee: commands of the documentation work when they are pasted into an interactive shell, zsh
// as well as bash. Interactive zsh takes `# ...` for arguments, and ? and * in a bare address for a
// pattern. The recipe for workers.dev changes one line of the configuration, and only that. Links
// and the walk of a transfer lead to what is there.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { expect, test } from "vitest";

const root = `${import.meta.dirname}/..`;
const read = (file: string) => readFileSync(`${root}/${file}`, "utf8");
const documents = execFileSync("git", ["ls-files", "--cached", "--others", "*.md"], {
  cwd: root,
  encoding: "utf8",
})
  .trim()
  .split("\n")
  .filter((file) => !/^(node_modules|dist)\//.test(file));

/** Parts of docs/benchmarks.md, whose links start there. */
const isPart = (file: string) => file.startsWith("bench/");

interface Block {
  readonly file: string;
  readonly language: string;
  readonly text: string;
}

function blocksOf(file: string, text: string): Block[] {
  const fences = text.matchAll(/^( *)```(\w*)[^\n]*\n(.*?)^\1```$/gms);
  return [...fences].map(([, , language = "", inner = ""]) => ({ file, language, text: inner }));
}

const shells = ["sh", "bash", "zsh", "shell", "console"];
const blocks = documents
  .flatMap((file) => blocksOf(file, read(file)))
  .filter(({ language }) => shells.includes(language));

/** Without what quotes protect, here-documents included. */
function bare(text: string): string {
  return text
    .replaceAll(/<<'?(\w+)'?\n.*?^\1$/gms, "")
    .replaceAll(/\\./gs, "")
    .replaceAll(/'[^']*'/g, "''")
    .replaceAll(/"[^"]*"/g, '""');
}

function faultsOf(text: string): string[] {
  const faults = bare(text)
    .split("\n")
    .flatMap((line) => {
      if (/(^|\s)#/.test(line)) return [`a comment: ${line}`];
      return /[?*[\]]/.test(line) ? [`a pattern: ${line}`] : [];
    });
  return text.includes("$ ") ? [...faults, "a prompt"] : faults;
}

test("there are commands, in the README and beside it", () => {
  expect(blocks.length).toBeGreaterThanOrEqual(8);
  expect(new Set(blocks.map(({ file }) => file)).size).toBeGreaterThanOrEqual(3);
});

test("no block of commands has a comment, a bare pattern or a prompt", () => {
  const found = blocks.flatMap(({ file, text }) =>
    faultsOf(text).map((fault) => `${file}: ${fault}`),
  );
  expect(found).toEqual([]);
});

test.each(["npm start # serves", "# first\nnpm start", "curl localhost/a?b=1", "$ npm start"])(
  "such a block would be noticed: %s",
  (text) => {
    expect(faultsOf(text)).not.toEqual([]);
  },
);

const installed = ["bash", "zsh"].filter((name) => spawnSync(name, ["-c", ":"]).status === 0);

test.each(installed)("every block is a good script of %s", (shell) => {
  for (const { file, text } of blocks) {
    const { stderr } = spawnSync(shell, ["-n"], { input: text, encoding: "utf8" });
    expect(`${file}: ${stderr}`).toBe(`${file}: `);
  }
});

/** As GitHub names the anchor of a heading. */
function anchorsOf(text: string): string[] {
  const headings = text.replaceAll(/^```.*?^```/gms, "").match(/^#+ .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, "")
      .toLowerCase()
      .replaceAll(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
}

function deadLinksOf(file: string): string[] {
  const links = [...read(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? file : join(dirname(file), path);
    if (!existsSync(join(root, target))) return true;
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
  });
}

test.each(documents.filter((file) => !isPart(file)))("every link of %s leads somewhere", (file) => {
  expect(deadLinksOf(file)).toEqual([]);
});

test("a link to a missing page or a missing heading would be noticed", () => {
  expect(anchorsOf("# A b\n\n## C & d: *e*\n")).toEqual(["a-b", "c--d-e"]);
});

interface Step {
  readonly name: string;
  readonly file: string;
}

/** The numbered functions of "The walk of a transfer", each with the file that was linked last. */
function walkIn(text: string): Step[] {
  const [, section = ""] = /^## The walk of a transfer\n(.*?)^## /ms.exec(text) ?? [];
  let file = "";
  return [...section.matchAll(/^\d+\. `(#?\w+)`(?: \(\[[^\]]+\]\(\.\.\/([^)]+)\)\))?/gm)].map(
    ([, name = "", linked = file]) => ({ name, file: (file = linked) }),
  );
}

function isDefined({ name, file }: Step): boolean {
  return new RegExp(`^ *(?:export )?(?:async )?(?:function )?${name}[<(].*`, "m").test(read(file));
}

test("every step of the walk of a transfer is a function of the file that it names", () => {
  const text = read("docs/architecture.md");
  const steps = walkIn(text);
  expect(steps.filter((step) => !isDefined(step))).toEqual([]);
  expect(text).toContain(`These are ${steps.length} functions to open.`);
});

test("a step that is not defined where the walk says would be noticed", () => {
  expect(isDefined({ name: "decideHold", file: "src/domain/protocol/saga.ts" })).toBe(false);
});

test("the README is short enough to be read", () => {
  expect(read("README.md").split("\n").length).toBeLessThanOrEqual(160);
});

test("the README says what the development server is for, and links the recipe below", () => {
  const readme = read("README.md");
  expect(readme).toMatch(/development server is for .* `npm run bench` shows the real speed/);
  expect(readme).toContain("](docs/deployment.md)");
});

test("the recipe for workers.dev switches one setting on, for production as well", () => {
  const [, expression = ""] = /^sed '(.*)' wrangler\.toml/m.exec(read("docs/deployment.md")) ?? [];
  const [, from = "", to = ""] = expression.split("/");
  const before = read("wrangler.toml").split("\n");
  const after = read("wrangler.toml").replace(new RegExp(from, "m"), to).split("\n");
  const changed = after.filter((line, index) => line !== before[index]);
  expect(changed).toEqual(["workers_dev = true"]);
  // It stands before the first table, so that the environments inherit it.
  expect(after.indexOf("workers_dev = true")).toBeLessThan(
    after.findIndex((line) => line.startsWith("[")),
  );
  expect(after.filter((line) => line.startsWith("workers_dev"))).toHaveLength(1);
});
