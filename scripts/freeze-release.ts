// Bundles a release as it was at a commit into one file for the simulator (test/releases): wallets,
// external accounts, the transfer log and key rings, in the simulator's shells of that commit, and
// with their migrations, which the shells read from files and a bundle has to carry.
// `node scripts/freeze-release.ts COMMIT FILE [PROTOCOL]`. The same commit gives the same bytes.
// With PROTOCOL, the release knows that version of calls alone: it stands for the one before.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = join(import.meta.dirname, "..");
const shells = "test/simulation/production.ts";
const importedMigrations = `import {
  walletMigrations,
  externalAccountMigrations as externalMigrations,
  transferLogMigrations as logMigrations,
  keyRingMigrations as keyMigrations,
} from "../../src/durable-objects/rpc/migrations.ts";`;
const contract = "src/durable-objects/rpc/contract.ts";
const versions = /^export const protocolVersions = .*$/m;
const entry = `export { createExternal, createKeyRing, createLog, createWallet } from "./${shells}";`;
const bundling = [
  "--bundle",
  "--format=esm",
  "--platform=node",
  "--loader:.sql=text",
  "--minify-syntax",
  "--minify-whitespace",
  "--line-limit=200",
  "--log-level=warning",
] as const;

/** The shells, with the lists of migrations imported and not read from folders. */
function withImportedMigrations(tree: string): string {
  const text = readFileSync(join(tree, shells), "utf8");
  const isRead =
    /^const (?:(?:wallet|external|log|key)Migrations = migrationsIn\(|migrationsPath).*;\n/gm;
  const rest = text.replaceAll(isRead, "");
  if (rest === text) throw new Error(`${shells} of this commit reads no migrations`);
  return `${importedMigrations}\n${rest}`;
}

function withOneVersion(tree: string, protocol: number): string {
  const text = readFileSync(join(tree, contract), "utf8");
  const one = `export const protocolVersions = { before: ${protocol}, own: ${protocol} } as const;`;
  if (!versions.test(text)) throw new Error(`${contract} of this commit names no versions`);
  return text.replace(versions, one);
}

function freeze(commit: string, target: string, protocol: string | undefined): void {
  mkdirSync(join(root, "dist"), { recursive: true });
  const tree = mkdtempSync(join(root, "dist", "release-"));
  try {
    const archive = execFileSync("git", ["archive", commit], { cwd: root, maxBuffer: 1 << 28 });
    execFileSync("tar", ["-x", "-C", tree], { input: archive });
    symlinkSync(join(root, "node_modules"), join(tree, "node_modules"), "dir");
    writeFileSync(join(tree, shells), withImportedMigrations(tree));
    if (protocol !== undefined) {
      writeFileSync(join(tree, contract), withOneVersion(tree, Number(protocol)));
    }
    writeFileSync(join(tree, "entry.ts"), entry);
    const esbuild = join(root, "node_modules", ".bin", "esbuild");
    execFileSync(esbuild, ["entry.ts", ...bundling, `--outfile=${target}`], { cwd: tree });
  } finally {
    rmSync(tree, { recursive: true });
  }
}

const [commit, file, protocol] = process.argv.slice(2);
if (commit === undefined || file === undefined) {
  console.error("usage: node scripts/freeze-release.ts COMMIT FILE [PROTOCOL]");
  process.exit(2);
}
freeze(commit, resolve(file), protocol);
