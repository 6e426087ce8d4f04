// `npm run test:crash`: concurrent clients of two tenants against the production bundle on a plain
// workerd that is killed again and again, through a network that loses, cuts, delays and repeats.
// In the end everything settles, every key is replayed, the recorded histories are checked
// (test/history), each wallet audits itself, and the SQLite files are added up.
// `-- --kills N` (default 30, in three minutes at most), `-- --seed N`. Exit code 1: any violation;
// so must `-- --fault NAME` end, which plants a fault (planted-faults.ts).
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readArguments } from "../../scripts/usage.mjs";
import { encodeSecret, formatApiKey } from "../../src/domain/api-key.ts";
import { apiKeyIdFor } from "../../src/domain/ids.ts";
import { Random } from "../history/random.ts";
import { describeVerdict } from "../history/verdict.ts";
import { allOperations } from "../operations/all.ts";
import { auditBooks } from "./books-on-disk.ts";
import { shortAuthorizations } from "./drawing.ts";
import { prepareEdited } from "./edited-service.ts";
import { FaultyProxy } from "./faulty-proxy.ts";
import { KeyHolder, shortKeyCache } from "./key-holder.ts";
import { KillLoop } from "./kill-loop.ts";
import { faultsIn } from "./log-faults.ts";
import { editsOf } from "./planted-faults.ts";
import { RecordingClient, wallClock } from "./recording-client.ts";
import { copyOld, drillRestore, type OldCopy } from "./restores.ts";
import { describeUnknown, doubledNames, lostNames } from "./summary.ts";
import { Tenant, type Rest } from "./tenant.ts";
import { Trespasser } from "./trespasser.ts";

const usage = "usage: npm run test:crash -- [--kills N] [--seed N] [--fault NAME]";

/** Clients of the first tenant, which is let in without a credential, and of the second. */
const clientCounts = [8, 4] as const;
/** Time for kills, per kill and at least, in ms: the rest of the three minutes is for the end. */
const killPhaseMinMs = 80_000;
const killPhasePerKillMs = 2_500;
/** A run in which less was acknowledged, for each kill, proves too little to pass. */
const acknowledgedPerKillMin = 20;
/** From so many kills on, every operation must have been committed. */
const killsOfAll = 10;

const { values } = readArguments(usage, {
  options: {
    kills: { type: "string", default: "30" },
    seed: { type: "string" },
    fault: { type: "string" },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
  console.error(usage);
  process.exit(2);
}

/** An API key that may do everything in a tenant, and the setting that makes the service trust it. */
function bootstrapKey(tenant: string): { readonly key: string; readonly setting: string } {
  const id = apiKeyIdFor(tenant, "bootstrap");
  const secret = encodeSecret(randomBytes(32));
  const hash = createHash("sha256").update(secret).digest("hex");
  const key = formatApiKey({ environment: "development", id, secret });
  return { key, setting: `${tenant}:${id}:${hash}` };
}

const folder = mkdtempSync(join(tmpdir(), "ledger-crash-"));
const bootstrap = bootstrapKey("second");
const faulty = values.fault === undefined ? [] : editsOf(values.fault);
const edits = [...shortKeyCache, ...shortAuthorizations, ...faulty];
const service = await prepareEdited(join(folder, "service"), edits, {
  BOOTSTRAP_KEY: bootstrap.setting,
});
const proxy = new FaultyProxy(service.port, new Random(seed + 1));
const loop = new KillLoop(service, new Random(seed), (count) => proxy.answered(count));
await proxy.start();
const open = new RecordingClient(proxy.origin);
const withKey = new RecordingClient(proxy.origin, bootstrap.key);
const main = new Tenant("main", open, seed);
const second = new Tenant("second", withKey, seed + 2);
const tenants = [main, second];
const keys = new KeyHolder(
  new RecordingClient(proxy.origin, bootstrap.key),
  (key) => new RecordingClient(proxy.origin, key),
  new Random(seed + 3),
);
const trespassers = [
  new Trespasser(new RecordingClient(proxy.origin), main, second, new Random(seed + 4)),
  new Trespasser(
    new RecordingClient(proxy.origin, bootstrap.key),
    second,
    main,
    new Random(seed + 5),
  ),
];
/** All who come beside the tenants' clients. */
const others = [keys, ...trespassers];
const findings: string[] = [];

/** Clients, kills and a bad network, until there were enough of them. */
async function disturb(): Promise<readonly OldCopy[]> {
  let old: readonly OldCopy[] = [];
  await loop.start();
  for (const tenant of tenants) await tenant.prepare();
  console.log(`seed ${seed}: ${tenants.length} tenants, ${clientCounts.join(" + ")} clients`);
  proxy.disturb();
  const clients = tenants.map((one, index) => one.start(clientCounts[index] ?? 1, loop.up));
  const running = others.map((other) => other.run(loop.up));
  const lastsMs = Math.max(killPhaseMinMs, kills * killPhasePerKillMs);
  const until = wallClock() + lastsMs;
  const volleys: Promise<void>[] = [];
  await loop.run(kills, until, {
    volley: () => void volleys.push(main.workload.volley(`volley-${loop.kills}`, loop.up)),
    whileDead: () => {
      // On a busy machine the time is over before half of the kills.
      const isHalf = loop.kills * 2 >= kills || wallClock() > until - lastsMs / 2;
      if (old.length > 0 || !isHalf) return;
      const { hottest, oldestShard } = main.workload;
      old = copyOld(service, hottest, oldestShard, join(folder, "old"));
    },
  });
  for (const one of [...tenants, ...others]) one.stop();
  await Promise.all([...clients, ...running, ...volleys]);
  proxy.calm();
  return old;
}

async function record(): Promise<{ old: readonly OldCopy[]; rests: readonly Rest[] }> {
  try {
    const old = await disturb();
    const rests = await Promise.all(
      tenants.map((tenant) => tenant.settle(join(folder, `history-${tenant.name}.jsonl`))),
    );
    await keys.tryAll();
    return { old, rests };
  } catch (error) {
    console.log(`kept: ${folder}, seed ${seed}`);
    throw error;
  } finally {
    await loop.stop();
    proxy.stop();
  }
}

/** Swaps files for older copies, each in a copy of the state, and expects to be told by those that
 *  must see it: `Workload.leaveTraces` leaves each something to miss. What the others see is chance: an
 *  older wallet asks only about what it knows, an older log shard only offers what it knows. */
async function drill(old: readonly OldCopy[]): Promise<void> {
  const logs = old.filter(({ objectClass }) => objectClass === "TransferLog");
  const wallets = old.filter(({ objectClass }) => objectClass === "Wallet");
  const drills = [
    { what: "nothing", copies: [], noticedBy: [] },
    { what: "a wallet", copies: wallets, noticedBy: ["onDisk", "byScrub"] },
    { what: "a log shard", copies: logs, noticedBy: ["onDisk", "byAudit"] },
    { what: "a wallet and a log", copies: old, noticedBy: ["onDisk", "byAudit", "byScrub"] },
  ] as const;
  for (const { what, copies, noticedBy } of drills) {
    const path = join(folder, `swapped-${what.replaceAll(" ", "-")}`);
    const found = await drillRestore(service, copies, main.workload.wallets, path);
    const { alerts, ...noticed } = found;
    console.log(`an older copy of ${what}, noticed: ${JSON.stringify(noticed)}`);
    for (const check of noticedBy) {
      if (!noticed[check]) findings.push(`an older copy of ${what} is not noticed ${check}`);
    }
    if (copies.length > 0) continue;
    if (Object.values(noticed).includes(true)) findings.push("a sound state is found wrong");
    findings.push(...alerts);
  }
}

const { old, rests } = await record();
for (const [index, rest] of rests.entries()) {
  const tenant = tenants[index];
  console.log(`tenant ${tenant?.name}, with ${tenant?.acts} freezes and thaws:`);
  console.log(describeVerdict(rest.verdict, 0));
  findings.push(...rest.findings);
  const unknown = { count: tenant?.workload.unknown.size ?? 0, unresolved: rest.open };
  console.log(describeUnknown(unknown, rest.resolutions, loop.startedAt, rest.settling.tookMs));
}
findings.push(...keys.judge(loop.startedAt));
console.log(`${keys.keys.length} API keys, used ${keys.uses} times`);
for (const trespasser of trespassers) findings.push(...trespasser.judge());
const refusals = trespassers.map((trespasser) => trespasser.refusals).join(" + ");
console.log(`${refusals} requests for what is another tenant's were refused`);
console.log(`the network: ${JSON.stringify(proxy.harm)}`);

const books = auditBooks(service.state);
findings.push(...books.findings, ...faultsIn(readFileSync(service.log, "utf8")));
console.log(
  `on disk: ${books.accounts} accounts, ${books.entries} entries, ${books.transactions} ` +
    `transactions, ${books.batches} batches, ${books.findings.length} findings`,
);
const counts = allOperations.map(({ type }) => `${books.counts.get(type) ?? 0} of ${type}`);
console.log(`committed: ${counts.join(", ")}`);
const missing = allOperations.filter(({ type }) => !books.counts.has(type));
if (loop.kills >= killsOfAll) {
  if (books.batches === 0) findings.push("no batch was recorded: too few to prove much");
  for (const { type } of missing) findings.push(`no ${type} was committed: too few to prove much`);
}
if (values.fault === undefined) await drill(old);
const violations = rests.flatMap(({ verdict }) => verdict.violations);
const count = (names: ReadonlySet<string>) =>
  violations.filter(({ name }) => names.has(name)).length;
const sum = (of: (rest: Rest) => number) => rests.reduce((total, rest) => total + of(rest), 0);
const acknowledged = sum(({ verdict }) => verdict.figures.acknowledged);
if (acknowledged < acknowledgedPerKillMin * loop.kills) {
  findings.push(`only ${acknowledged} acknowledged in ${loop.kills} kills: too few to prove much`);
}
for (const finding of findings) console.log(`FOUND ${finding}`);
const failed = violations.length > 0 || findings.length > 0;
if (failed) {
  console.log(`kept: ${folder} (check it: npm run check:history -- ${folder}/history-main.jsonl)`);
  const fault = values.fault === undefined ? "" : ` --fault ${values.fault}`;
  console.log(`repeat: npm run test:crash -- --kills ${kills} --seed ${seed}${fault}`);
} else {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  `${loop.kills} kills, ${acknowledged} acknowledged, ` +
    `${count(lostNames)} lost, ${count(doubledNames)} doubled, ` +
    `${sum(({ settling, open: left }) => settling.unsettled.length + left)} unsettled`,
);
process.exit(failed ? 1 : 0);
