// `npm run test:crash`: concurrent clients against the production bundle on a plain workerd that is
// killed again and again. In the end everything settles, every key is replayed, the recorded
// history is checked (test/history), each wallet audits itself, and the SQLite files are added up.
// `-- --kills N` (default 30, in three minutes at most), `-- --seed N`. Exit code 1: any violation;
// so must `-- --fault NAME` end, which plants a fault (planted-faults.ts).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareService } from "../../scripts/workerd.ts";
import { checkHistory } from "../history/checker.ts";
import { collect, type HistoryLine } from "../history/format.ts";
import { Random } from "../history/random.ts";
import { describeVerdict } from "../history/verdict.ts";
import { auditWallets, copyWallet, drillSwappedFile, type OldCopy } from "./audits.ts";
import { auditBooks } from "./books-on-disk.ts";
import { faultsIn } from "./log-faults.ts";
import { KillLoop } from "./kill-loop.ts";
import { plantFault } from "./planted-faults.ts";
import { RecordingClient, wallClock } from "./recording-client.ts";
import { describeUnknown, doubledNames, lostNames } from "./summary.ts";
import { readLedger, replayAll, resolutionsOf, waitUntilSettled } from "./settling.ts";
import { Workload } from "./workload.ts";
import { readArguments } from "../../scripts/usage.mjs";

const usage = "usage: npm run test:crash -- [--kills N] [--seed N] [--fault NAME]";

const tenant = "main";
const defaultCurrency = "USD";
const clientCount = 8;
/** Time for kills, per kill and at least, in ms: the rest of the three minutes is for the end. */
const killPhaseMinMs = 80_000;
const killPhasePerKillMs = 2_500;

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

const folder = mkdtempSync(join(tmpdir(), "ledger-crash-"));
const historyPath = join(folder, "history.jsonl");
const service = await prepareService(join(folder, "service"));
if (values.fault !== undefined) plantFault(service, values.fault);
const loop = new KillLoop(service, new Random(seed));
const client = new RecordingClient(loop.origin);
const workload = new Workload(client, tenant, seed);
const findings: string[] = [];

/** Clients and kills, until there were enough of them. */
async function disturb(): Promise<OldCopy | undefined> {
  let old: OldCopy | undefined;
  await loop.start();
  await workload.prepare();
  console.log(
    `seed ${seed}: ${clientCount} clients, ${workload.wallets.length} wallets, in ${folder}`,
  );
  const clients = Array.from({ length: clientCount }, (_, index) => workload.run(index, loop.up));
  const until = wallClock() + Math.max(killPhaseMinMs, kills * killPhasePerKillMs);
  await loop.run(kills, until, () => {
    if (loop.kills !== Math.ceil(kills / 2)) return;
    old = copyWallet(service, workload.hottest, join(folder, "old"));
  });
  workload.stop();
  await Promise.all(clients);
  return old;
}

/** Everything comes to rest; then every key is replayed and every ledger read. */
async function settle() {
  const settling = await waitUntilSettled(client);
  const abandoned = [...workload.unknown].filter(([, left]) => left).map(([key]) => key);
  const resolutions = await resolutionsOf(client, tenant, abandoned);
  await workload.fundOnceMore();
  const open = await replayAll(client, workload.writes.values());
  const operations = client.operations.slice();
  const ledgers = await Promise.all(workload.wallets.map((wallet) => readLedger(client, wallet)));
  findings.push(...(await auditWallets(client, workload.wallets)));
  for (const answer of open) findings.push(`no final answer to ${answer.key}: ${answer.body}`);
  for (const { method, url, status, body } of operations) {
    if (status === 500) findings.push(`${method} ${url}: ${body}`);
  }
  const history: HistoryLine[] = [
    { kind: "history", version: 1, tenant, defaultCurrency },
    ...operations,
    ...ledgers,
    { kind: "end", unsettled: settling.unsettled },
  ];
  writeFileSync(historyPath, history.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return { settling, resolutions, open, history };
}

async function record() {
  try {
    const old = await disturb();
    return { old, ...(await settle()) };
  } catch (error) {
    console.log(`kept: ${folder}, seed ${seed}`);
    throw error;
  } finally {
    await loop.stop();
  }
}

const { old, settling, resolutions, open, history } = await record();
const checkStartedAt = performance.now();
const verdict = checkHistory(collect(history));
console.log(describeVerdict(verdict, performance.now() - checkStartedAt));

const books = auditBooks(service.state);
findings.push(...books.findings, ...faultsIn(readFileSync(service.log, "utf8")));
console.log(
  `on disk: ${books.accounts} accounts, ${books.entries} entries, ${books.transactions} ` +
    `transactions, ${books.findings.length} findings; ${workload.wallets.length} wallets audited`,
);
const drill = old && (await drillSwappedFile(service, old, join(folder, "swapped")));
console.log(`an older copy of a wallet is noticed: ${JSON.stringify(drill)}`);
if (!drill?.onDisk) findings.push("an older copy of a wallet went unnoticed");

const unknown = { count: workload.unknown.size, unresolved: open.length };
console.log(describeUnknown(unknown, resolutions, loop.startedAt, settling.tookMs));
for (const finding of findings) console.log(`FOUND ${finding}`);

const count = (names: ReadonlySet<string>) =>
  verdict.violations.filter(({ name }) => names.has(name)).length;
const failed = verdict.violations.length > 0 || findings.length > 0;
if (failed) {
  console.log(`kept: ${folder} (check it: npm run check:history -- ${historyPath})`);
  const fault = values.fault === undefined ? "" : ` --fault ${values.fault}`;
  console.log(`repeat: npm run test:crash -- --kills ${kills} --seed ${seed}${fault}`);
} else {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  `${loop.kills} kills, ${verdict.figures.acknowledged} acknowledged, ${count(lostNames)} lost, ` +
    `${count(doubledNames)} doubled, ${settling.unsettled.length + open.length} unsettled`,
);
process.exit(failed ? 1 : 0);
