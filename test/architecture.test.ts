// Guarantee: the shape of the source tree is as the README draws it. Arrows between layers point
// down only, the domain is pure, only the edge knows HTTP, and no stored column claims a balance.
import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  externalAccountMigrations,
  transferLogMigrations,
  walletMigrations,
} from "../src/durable-objects/rpc/migrations.ts";
import { operationTypes } from "../src/domain/operations/all.ts";
import { variableSql } from "./support/sql-texts.ts";

const root = `${import.meta.dirname}/../`;
const linesMax = 300;
const columnsMax = 100;

/** What each layer may import: layers of ours, and packages (`*`: any that package.json lists). */
const layers: Readonly<Record<string, { layers: readonly string[]; packages: readonly string[] }>> =
  {
    "src/index.ts": {
      layers: ["src/http", "src/durable-objects", "src/platform"],
      packages: ["cloudflare:workers"],
    },
    "src/http": {
      layers: ["src/http", "src/durable-objects", "src/domain", "src/platform", "package.json"],
      packages: ["*"],
    },
    "src/durable-objects": {
      layers: ["src/durable-objects", "src/domain", "src/platform", "migrations"],
      packages: ["cloudflare:workers"],
    },
    "src/domain": { layers: ["src/domain"], packages: [] },
    "src/platform": { layers: ["src/platform"], packages: [] },
  };

/** Exceptions, by file. */
const extraPackages: Readonly<Record<string, readonly string[]>> = {
  "src/domain/digest.ts": ["@noble/hashes/sha2.js", "@noble/hashes/utils.js"],
};

interface SourceFile {
  readonly path: string;
  readonly text: string;
}

function readFiles(...patterns: readonly string[]): readonly SourceFile[] {
  return globSync(patterns, { cwd: root })
    .toSorted()
    .map((path) => ({ path, text: readFileSync(`${root}${path}`, "utf8") }));
}

/** The code without its comments. Good enough for sources that a formatter has seen. */
function withoutComments({ path, text }: SourceFile): string {
  if (path.endsWith(".sql")) return text.replace(/--.*$/gm, "");
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}

function layerOf(path: string): string | undefined {
  const known = [...Object.keys(layers), "migrations", "package.json"];
  return known.find((layer) => path === layer || path.startsWith(`${layer}/`));
}

function importsOf(file: SourceFile): readonly string[] {
  const specifier = /\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g;
  return [...withoutComments(file).matchAll(specifier)].map((match) => match[1] ?? "");
}

function forbiddenImports(file: SourceFile): readonly string[] {
  const layer = layerOf(file.path);
  const allowed = layer === undefined ? undefined : layers[layer];
  if (!allowed) return file.path.endsWith(".d.ts") ? [] : ["lies in no layer"];
  const packages = [...allowed.packages, ...(extraPackages[file.path] ?? [])];
  return importsOf(file).flatMap((specifier) => {
    if (!specifier.startsWith(".")) {
      const known = packages.includes("*") || packages.includes(specifier);
      return known ? [] : [`imports ${specifier}`];
    }
    const target = new URL(specifier, `file:///${file.path}`).pathname.slice(1);
    return allowed.layers.includes(layerOf(target) ?? "") ? [] : [`imports ${target}`];
  });
}

function matches(pattern: RegExp, what: string): (file: SourceFile) => readonly string[] {
  return (file) =>
    [...withoutComments(file).matchAll(pattern)].map((match) => `${what}: ${match[0].trim()}`);
}

const httpStatus =
  /\b(?:20[1-6]|30[1-8]|4(?:0\d|1[0-8]|2[2-9]|31|51)|50[1-5])\b|\b(?:new Response|Response\.json|HTTPException|statusCode)\b|\bstatus\b["']?\s*[:=]=*\s*\d/g;
const impure =
  /\bnew Date\(\)|\b(?:Date\.now|Math\.random|randomUUID|getRandomValues|setTimeout|setInterval|performance|process|console|fetch)\b(?!:)/g;
const callsOut = matches(
  /(?<!\bASSETS\.)\bfetch\s*\(|\bfrom "node:(?:https?|net|tls|dgram)"/g,
  "calls out",
);
/** The one place: what the edge hands to the fetching of the issuer's keys. */
const fetchPort = "fetch: (input, init) => fetch(input, init),";
const reExport = /^export\s+(?:type\s+)?(?:\*|\{[^}]*\})\s*(?:as\s+\w+\s+)?from\b.*$/gm;
const operationName = new RegExp(`(["'\`])(?:${operationTypes.join("|")})\\1`, "g");
const ofAnOperation = new RegExp(
  `^src/(?:domain|http)/operations/(?:${operationTypes.join("|")})\\.ts$`,
);
const vagueName = /(?:^|\/)(?:utils?|helpers?|common|misc|shared)(?:\.ts|\/)/;

interface Rule {
  readonly name: string;
  readonly files: string;
  readonly check: (file: SourceFile) => readonly string[];
  /** What the rule must find: without it a rule that has gone blind would go unnoticed. */
  readonly planted: readonly SourceFile[];
}

const rules: readonly Rule[] = [
  {
    name: "imports point down",
    files: "src/**/*.ts",
    check: forbiddenImports,
    planted: [
      { path: "src/domain/a.ts", text: 'import { now } from "../platform/clock.ts";' },
      { path: "src/domain/a.ts", text: 'import { createHash } from "node:crypto";' },
      { path: "src/domain/a.ts", text: 'import { z } from "zod";' },
      { path: "src/platform/a.ts", text: 'import type { Leg } from "../domain/leg.ts";' },
      { path: "src/platform/a.ts", text: 'export { Leg } from "../domain/leg.ts";' },
      { path: "src/durable-objects/a.ts", text: 'const app = await import("../http/app.ts");' },
      { path: "src/durable-objects/a.ts", text: 'import "hono";' },
      { path: "src/durable-objects/a.ts", text: 'import {\n  z,\n} from "zod";' },
      { path: "src/http/a.ts", text: 'import sql from "../../migrations/wallet/0001_a.sql";' },
      { path: "src/http/a.ts", text: 'import worker from "../index.ts";' },
      { path: "src/http/a.ts", text: 'import { fixture } from "../../test/support/a.ts";' },
      { path: "src/elsewhere/a.ts", text: "" },
    ],
  },
  {
    name: "only the edge knows HTTP statuses",
    files: "src/{index.ts,{domain,durable-objects,platform}/**/*.ts}",
    check: matches(httpStatus, "mentions HTTP"),
    planted: [
      { path: "src/domain/a.ts", text: "const insufficientFunds = 422;" },
      { path: "src/platform/a.ts", text: "const line = { status: 200 };" },
      { path: "src/durable-objects/a.ts", text: 'return new Response("no", init);' },
    ],
  },
  {
    name: "the domain has no clock, no randomness and no input or output",
    files: "src/domain/**/*.ts",
    check: matches(impure, "is not pure"),
    planted: [
      { path: "src/domain/a.ts", text: "const at = Date.now();" },
      { path: "src/domain/a.ts", text: "const at = new Date();" },
      { path: "src/domain/a.ts", text: "const jitter = Math.random();" },
      { path: "src/domain/a.ts", text: "setTimeout(fire, 1);" },
    ],
  },
  {
    name: "only the two modules of an operation call it by its name",
    files: "src/**/*.ts",
    check: (file) =>
      ofAnOperation.test(file.path) ? [] : matches(operationName, "names an operation")(file),
    planted: [
      { path: "src/http/a.ts", text: 'if (request.type === "funding") return wallet;' },
      { path: "src/domain/protocol/a.ts", text: 'switch (type) { case "transfer": return 1; }' },
      { path: "src/durable-objects/a.ts", text: "const legs = request.type !== 'transfer';" },
      { path: "src/http/operations/all.ts", text: "const first = operations[`funding`];" },
      { path: "src/domain/operations/operation.ts", text: 'const types = ["transfer"];' },
    ],
  },
  {
    name: "no stored column claims a balance",
    files: "{migrations/**/*.sql,src/durable-objects/**/*.ts}",
    check: (file) =>
      file.path.endsWith(".sql")
        ? matches(/\w*balance\w*/gi, "names a column")(file)
        : matches(/\b(?:CREATE|ALTER)\s+TABLE\b[^;`]*balance\w*/gi, "names a column")(file),
    planted: [
      { path: "migrations/wallet/0009_a.sql", text: "ALTER TABLE entries ADD Balance_after;" },
      { path: "src/durable-objects/a.ts", text: "sql.exec(`CREATE TABLE a (balance INTEGER)`);" },
    ],
  },
  {
    name: "nothing that is sent is fetched: only our assets, and by one port the issuer's keys",
    files: "src/**/*.ts",
    check: ({ path, text }) =>
      callsOut({ path, text: path === "src/http/app.ts" ? text.replace(fetchPort, "") : text }),
    planted: [
      { path: "src/http/a.ts", text: "const answer = await fetch(c.req.query('url'));" },
      { path: "src/http/a.ts", text: "await c.env.OTHER.fetch(request);" },
      { path: "src/http/app.ts", text: `${fetchPort} const answer = await fetch(url);` },
      { path: "src/durable-objects/a.ts", text: 'import { get } from "node:https";' },
    ],
  },
  {
    name: "SQL is a constant: nothing that is sent is ever part of it",
    files: "src/{index.ts,{domain,durable-objects,platform}/**/*.ts}",
    check: (file) => {
      // The port declares `exec` and runs nothing.
      if (file.path === "src/platform/storage.ts") return [];
      return variableSql(withoutComments(file), file.path === "src/platform/migrations.ts");
    },
    planted: [
      "sql.exec(`SELECT * FROM legs WHERE id = '${id}'`);",
      "this.#storage.sql\n  .exec<Row<string>>(\n    `SELECT ${columns} FROM legs`,\n    id,\n  );",
      'sql.exec("SELECT * FROM " + table);',
      'sql.exec("SELECT 1;".concat(more));',
      "sql.exec(query);",
      'let query = "SELECT 1"; sql.exec(query);',
      'const query = "SELECT " + columns; sql.exec(query);',
      "const query = `SELECT ${columns}`; sql.exec<Row>(query, id);",
      'const query = "SELECT 1"; { const query = build(); sql.exec(query); }',
      'const query = "SELECT 1"; const run = (query: string) => sql.exec(query);',
      "sql.exec(queries.all);",
      "sql.exec(migration.sql);",
      'sql["exec"](text);',
      "const { exec } = storage.sql;",
      "const run = storage.sql.exec.bind(storage.sql);",
    ].map((text) => ({ path: "src/durable-objects/a.ts", text })),
  },
  {
    name: `files have at most ${linesMax} lines of at most ${columnsMax} characters`,
    files: "{src/**/*.ts,migrations/**/*.sql}",
    check: ({ text }) => {
      const lines = text.trimEnd().split("\n");
      const long = lines.flatMap((line, index) =>
        line.length > columnsMax ? [`line ${index + 1} has ${line.length} characters`] : [],
      );
      return lines.length > linesMax ? [`has ${lines.length} lines`, ...long] : long;
    },
    planted: [
      { path: "src/domain/a.ts", text: "a\n".repeat(linesMax + 1) },
      { path: "src/domain/a.ts", text: "a".repeat(columnsMax + 1) },
    ],
  },
  {
    name: "no barrels and no drawers",
    files: "src/**/*.ts",
    check: (file) =>
      file.path === "src/index.ts"
        ? []
        : [
            ...(vagueName.test(file.path) ? ["has a name that says nothing"] : []),
            ...(file.path.endsWith("/index.ts") ? ["is a barrel"] : []),
            ...matches(reExport, "re-exports")(file),
          ],
    planted: [
      { path: "src/domain/index.ts", text: "" },
      { path: "src/domain/utils.ts", text: "" },
      { path: "src/domain/a.ts", text: 'export * from "./leg.ts";' },
      { path: "src/domain/a.ts", text: 'export type { Leg } from "./leg.ts";' },
    ],
  },
];

describe.each(rules)("$name", ({ files, check, planted }) => {
  test("in every file", () => {
    const sources = readFiles(files);
    expect(sources).not.toHaveLength(0);
    expect(
      sources.flatMap((file) => check(file).map((finding) => `${file.path} ${finding}`)),
    ).toEqual([]);
  });

  test.each(planted)("would be noticed in $path: $text", (file) => {
    expect(check(file)).not.toHaveLength(0);
  });
});

/** Imports that lead back to where they began, types included. */
function importCircles(files: readonly SourceFile[]): readonly string[] {
  const targets = new Map(
    files.map((file) => {
      const own = importsOf(file).filter((specifier) => specifier.startsWith("."));
      const resolve = (specifier: string) => new URL(specifier, `file:///${file.path}`);
      return [file.path, own.map((specifier) => resolve(specifier).pathname.slice(1))];
    }),
  );
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): readonly string[] => {
    if (way.includes(path)) return [[...way.slice(way.indexOf(path)), path].join(" > ")];
    if (done.has(path)) return [];
    const circles = (targets.get(path) ?? []).flatMap((next) => walk(next, [...way, path]));
    done.add(path);
    return circles;
  };
  return files.flatMap(({ path }) => walk(path, []));
}

describe("no imports go in circles", () => {
  test("in any file, types included", () => {
    expect(importCircles(readFiles("src/**/*.ts"))).toEqual([]);
  });

  test.each([[["./a.ts"]], [["./b.ts", "./a.ts"]], [["./b.ts", "../c.ts", "./domain/a.ts"]]])(
    "would be noticed: %j",
    (specifiers) => {
      const paths = specifiers.map(
        (_, index) => ["src/domain/a.ts", "src/domain/b.ts", "src/c.ts"][index] ?? "",
      );
      const files = paths.map((path, index) => ({
        path,
        text: `import type { A } from "${specifiers[index]}";`,
      }));
      expect(importCircles(files)).toHaveLength(1);
    },
  );
});

test.each([
  [walletMigrations, ["account", "wallet"]],
  [externalAccountMigrations, ["account", "external-account"]],
  [transferLogMigrations, ["transfer-log"]],
])("every migration is declared by its class, in the order of its number: %#", (list, folders) => {
  const declared = list.map(({ id, sql }) => ({ path: `migrations/${id}.sql`, text: sql }));
  const files = folders.flatMap((folder) => readFiles(`migrations/${folder}/*.sql`));
  expect(declared).toEqual(files);
});

test("the README explains the guarantees under the heading that others link to", () => {
  const headings = readFileSync(`${root}README.md`, "utf8").match(/^#+ .*$/gm) ?? [];
  expect(headings.map((heading) => heading.replace(/^#+ /, ""))).toContain(
    "Concurrency & Consistency Guarantees",
  );
});

test.each(["src/domain/operations", "src/http/operations"])(
  "%s has one module for each operation, and two that know none",
  (folder) => {
    const files = globSync(`${folder}/*.ts`, { cwd: root }).toSorted();
    const expected = ["all", "operation", ...operationTypes].map((name) => `${folder}/${name}.ts`);
    expect(files).toEqual(expected.toSorted());
  },
);
