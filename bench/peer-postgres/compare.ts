// `npm run bench -- --peer postgres`: the ledger and a service on PostgreSQL with the same requests,
// in alternating slices of one run on one disk, so that a noisy machine disturbs both alike.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import postgres from "postgres";
import { freePort, prepareService } from "../../scripts/workerd.ts";
import { heldByWallets } from "../books.ts";
import { inParallel, runLoad, type Answers } from "../load.ts";
import { percentile, runOnLedger, type Target } from "../measure.ts";
import { openAndFund, perform, populate, type Population } from "../population.ts";
import { scenariosOf, type ScenarioName } from "../scenarios.ts";
import { temporaryFolder } from "../start.ts";
import { findServer, startCluster, type Cluster } from "./cluster.ts";

/** Of these the ledger and the peer make the same requests. */
export const peerScenarios: readonly ScenarioName[] = [
  "uniform",
  "hot-receiver",
  "hot-sender",
  "fund",
  "balance",
];

const entryCounts = [10, 1_000, 100_000] as const;
const slices = 5;
const warmUpSeconds = 1;
const startMaxMs = 20_000;
const startPollMs = 50;
const repeatersAtOnce = 32;

interface Peer {
  readonly origin: string;
  readonly population: Population;
  stop(): Promise<void>;
}

export interface PeerRow {
  readonly scenario: string;
  readonly concurrency: number;
  /** Median over the slices, successes for each second. */
  readonly ledger: number;
  readonly peer: number;
  readonly ledgerP50Ms: number;
  readonly peerP50Ms: number;
  readonly errors: number;
}

async function startService(cluster: Cluster): Promise<{ origin: string; stop(): Promise<void> }> {
  const port = await freePort();
  const program = join(import.meta.dirname, "service.ts");
  const child = spawn(process.execPath, [program, String(port), cluster.url], { stdio: "inherit" });
  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + startMaxMs;
  const answers = () =>
    fetch(`${origin}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await answers())) {
    if (Date.now() > deadline) throw new Error("the peer did not start");
    await pause(startPollMs);
  }
  const stop = async () => {
    const exited = once(child, "exit");
    child.kill("SIGTERM");
    await exited;
  };
  return { origin, stop };
}

/** Wallets with many entries, written at once: credits of 1. */
async function writeBigWallets(url: string) {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const big = [];
  for (const entries of entryCounts) {
    const walletId = `wal_of_${entries}`;
    await sql`INSERT INTO accounts (id, name) VALUES (${walletId}, 'Bench')`;
    await sql`INSERT INTO entries (account, transaction_id, currency, amount)
      SELECT ${walletId}, 'seed-' || n, 'USD', 1 FROM generate_series(1, ${entries}::int) AS n`;
    big.push({ entries, walletId });
  }
  // As autovacuum leaves a table that is in use: index-only scans need the visibility map.
  await sql`VACUUM ANALYZE`;
  await sql.end();
  return big;
}

async function startPeer(programs: string, folder: string): Promise<Peer & { version: string }> {
  const cluster = await startCluster(programs, folder, await freePort());
  const sql = postgres(cluster.url, { max: 1, onnotice: () => {} });
  await sql.unsafe(readFileSync(join(import.meta.dirname, "schema.sql"), "utf8"));
  await sql.end();
  const service = await startService(cluster);
  const { wallets, total } = await openAndFund(service.origin);
  const big = await writeBigWallets(cluster.url);
  const oneSided = entryCounts.reduce((sum: number, entries) => sum + entries, 0);
  const population = { wallets, big, oneSided, total: total + oneSided };
  const stop = async () => {
    await service.stop();
    await cluster.stop();
  };
  return { origin: service.origin, population, version: cluster.version, stop };
}

/** One slice on the peer. Afterwards every outcome is known. */
async function runOnPeer({ origin, population }: Peer, load: Parameters<typeof runOnLedger>[2]) {
  const answers = await runLoad({ ...load, origin });
  await inParallel(answers.unknown, repeatersAtOnce, (operation) => perform(origin, operation));
  const late = answers.unknown.reduce((more, { inflow = 0 }) => more + inflow, 0);
  population.total += answers.inflow + late;
  return answers;
}

function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((left, right) => left - right),
    0.5,
  );
}

function summary(all: readonly Answers[], seconds: number): { rate: number; p50Ms: number } {
  const rate = median(all.map(({ latenciesMs }) => latenciesMs.length / seconds));
  return { rate, p50Ms: median(all.flatMap(({ latenciesMs }) => latenciesMs)) };
}

async function measureRow(
  ledger: Target & { readonly population: Population },
  peer: Peer,
  name: ScenarioName,
  index: number,
  plan: { readonly concurrency: number; readonly seconds: number },
): Promise<PeerRow> {
  const ours = scenariosOf(name, ledger.population)[index]!;
  const theirs = scenariosOf(name, peer.population)[index]!;
  const { concurrency, seconds } = plan;
  const load = { connections: concurrency, warmUpSeconds, seconds };
  const [onLedger, onPeer]: [Answers[], Answers[]] = [[], []];
  for (let slice = 0; slice < slices; slice++) {
    onLedger.push(await runOnLedger(ledger, ledger.population, { ...load, next: ours.next }));
    onPeer.push(await runOnPeer(peer, { ...load, next: theirs.next }));
  }
  const [own, other] = [summary(onLedger, seconds), summary(onPeer, seconds)];
  return {
    scenario: ours.entries === undefined ? name : `${name} of ${ours.entries.toLocaleString("en")}`,
    concurrency,
    ledger: own.rate,
    peer: other.rate,
    ledgerP50Ms: own.p50Ms,
    peerP50Ms: other.p50Ms,
    errors: [...onLedger, ...onPeer].reduce((sum, { errors }) => sum + errors, 0),
  };
}

const headings =
  "| scenario | conns | ledger/s | PostgreSQL/s | ledger / PostgreSQL | ledger p50 ms | " +
  "PostgreSQL p50 ms | errors |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |";

function tableRow(row: PeerRow): string {
  const { scenario, concurrency, ledger, peer, errors } = row;
  const figures = [ledger.toFixed(0), peer.toFixed(0), (ledger / peer).toFixed(2)];
  const latencies = [row.ledgerP50Ms.toFixed(2), row.peerP50Ms.toFixed(2)];
  return `| ${[scenario, concurrency, ...figures, ...latencies, errors].join(" | ")} |`;
}

/** Whether all went well; true also where no server is installed, which it says loudly. `publish`:
 *  the command to name beside the table that docs/benchmarks.md includes. */
export async function comparePeer(
  names: readonly ScenarioName[],
  plan: { concurrencies: readonly number[]; seconds: number; dir: string; publish?: string },
): Promise<boolean> {
  const programs = findServer();
  if (programs === undefined) {
    console.error("SKIPPED: no PostgreSQL server (initdb) is installed; nothing was compared.");
    return true;
  }
  const folder = temporaryFolder(plan.dir);
  const peer = await startPeer(programs, join(folder, "postgres"));
  const ledgerFolder = await prepareService(join(folder, "ledger"));
  const { service, population } = await populate(ledgerFolder, entryCounts);
  const ledger = { folder: ledgerFolder, service, population };
  const lines = [headings];
  console.log(headings);
  for (const name of names) {
    for (let index = 0; index < scenariosOf(name, population).length; index++) {
      for (const concurrency of plan.concurrencies) {
        const row = await measureRow(ledger, peer, name, index, { ...plan, concurrency });
        lines.push(tableRow(row));
        console.log(tableRow(row));
      }
    }
  }
  const sums = await Promise.all([
    heldByWallets(service.origin, population),
    heldByWallets(peer.origin, peer.population),
  ]);
  const isSound = sums[0] === population.total && sums[1] === peer.population.total;
  console.log(isSound ? "money is conserved on both sides" : `money is OFF: ${sums.join(", ")}`);
  await Promise.all([service.stop(), peer.stop()]);
  if (plan.publish !== undefined) {
    const date = new Date().toISOString().slice(0, 10);
    const head = `\`${plan.publish}\`, ${date}, PostgreSQL ${peer.version}.`;
    writeFileSync(join(import.meta.dirname, "results.md"), `${head}\n\n${lines.join("\n")}\n`);
  }
  return isSound;
}
