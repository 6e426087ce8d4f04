// Guarantee: clients that are generated from docs/openapi.json compile and do what they should: in
// TypeScript, Python and Go each goes on the same tour of a fresh service. The generators are pinned
// in clients/ and installed into dist/clients. A language without its tool chain is skipped, loudly.
// usage: npm run test:clients [-- typescript python go]
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startLocalService } from "../support/local-service.ts";

const root = join(import.meta.dirname, "../..");
const document = join(root, "docs/openapi.json");
const oapiCodegen = "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2";

/** No step takes longer than this, in ms: the slowest compiles a generator. */
const stepMaxMs = 600_000;

type Step = readonly [command: string, ...args: string[]];

interface Language {
  /** Whether the tool chain is there. */
  readonly probe: Step;
  /** From an empty folder with the files of clients/ to a client that compiles. */
  readonly build: readonly Step[];
  readonly tour: Step;
}

const languages: Readonly<Record<string, Language>> = {
  typescript: {
    probe: ["npm", "--version"],
    build: [
      ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock"],
      ["node_modules/.bin/openapi-ts"],
      [
        "node_modules/.bin/tsc",
        ..."--strict --noEmit --target es2022 --module nodenext --allowImportingTsExtensions".split(
          " ",
        ),
        "--skipLibCheck",
        "ledger/index.ts",
        "ledger/client.gen.ts",
      ],
    ],
    tour: [process.execPath, "tour.ts"],
  },
  python: {
    probe: ["python3", "-m", "venv", "--help"],
    build: [
      ["python3", "-m", "venv", "venv"],
      ["venv/bin/pip", "install", "--quiet", "--requirement", "requirements.txt"],
      ["venv/bin/openapi-python-client", "generate", "--meta", "none", "--path", "openapi.json"],
      ["venv/bin/python", "-m", "compileall", "-q", "edge_ledger_client"],
      ["venv/bin/mypy", "tour.py"],
    ],
    tour: ["venv/bin/python", "tour.py"],
  },
  go: {
    probe: ["go", "version"],
    build: [
      ["go", "install", oapiCodegen],
      [
        "bin/oapi-codegen",
        ..."-generate types,client -package ledger -o ledger/ledger.go openapi.json".split(" "),
      ],
      ["go", "vet", "./..."],
      ["go", "build", "-o", "tour", "."],
    ],
    tour: ["./tour"],
  },
};

/** Whether the command ran and succeeded. */
function run(cwd: string, [command, ...args]: Step, stdio: "inherit" | "ignore"): boolean {
  const env = { ...process.env, GOBIN: join(cwd, "bin"), PIP_DISABLE_PIP_VERSION_CHECK: "1" };
  return spawnSync(command, args, { cwd, env, stdio, timeout: stepMaxMs }).status === 0;
}

function build(name: string, { build: steps }: Language): string {
  const folder = join(root, "dist/clients", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, "clients", name), folder, { recursive: true });
  cpSync(document, join(folder, "openapi.json"));
  for (const step of steps) {
    console.log(`${name}: ${step.join(" ")}`);
    if (!run(folder, step, "inherit")) throw new Error(`${name}: failed: ${step.join(" ")}`);
  }
  return folder;
}

async function tour(name: string, folder: string, { tour: step }: Language): Promise<void> {
  const service = await startLocalService();
  try {
    console.log(`${name}: the tour, on a fresh service`);
    if (!run(folder, [...step, service.origin], "inherit")) {
      throw new Error(`${name}: the tour failed`);
    }
  } finally {
    await service.stop();
  }
}

const wanted = process.argv.slice(2);
const compiled: string[] = [];
const skipped: string[] = [];
for (const [name, language] of Object.entries(languages)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (run(root, language.probe, "ignore")) {
    await tour(name, build(name, language), language);
    compiled.push(name);
  } else {
    skipped.push(name);
    console.log(`\nSKIPPED: ${name}: \`${language.probe.join(" ")}\` does not run here.\n`);
  }
}
console.log(`Clients that compile and went on the tour: ${compiled.join(", ")}.`);
if (skipped.length > 0) console.log(`SKIPPED, no tool chain: ${skipped.join(", ")}.`);
