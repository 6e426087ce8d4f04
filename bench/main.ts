// `npm run bench`: the production bundle on plain workerd, driven over HTTP by this process, beside
// the floor of the runtime. Options: --scenario NAME and --concurrency N (may be repeated),
// --seconds N, --dir DIR (may be repeated: a disk, a memory file system), --json FILE, --publish
// (keeps the results in docs/benchmarks.md), --soak, --overload, --batches (with the scenarios
// payroll, collection and random), --entries N (ledgers to be read), --peer postgres (a service on PostgreSQL in place of the floor).
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepareService } from "../scripts/workerd.ts";
import { batchHeadings, batchScenarios, compareBatches } from "./batches.ts";
import { heldByWallets, sumOfFiles } from "./books.ts";
import { measure, type Row, type Target } from "./measure.ts";
import { overload } from "./overload.ts";
import { comparePeer, peerScenarios } from "./peer-postgres/compare.ts";
import { populate, warmFloor, type Population } from "./population.ts";
import { commandOf, headings, publish, tableRow } from "./report.ts";
import { scenarioNames, scenariosOf } from "./scenarios.ts";
import { soak } from "./soak.ts";
import { start, temporaryFolder } from "./start.ts";
import { readArguments } from "../scripts/usage.mjs";

const usage = `usage: npm run bench -- [--scenario NAME] [--concurrency N] [--entries N] [--seconds N]
       [--dir DIR] [--json FILE] [--publish] [--soak] [--overload] [--batches]`;

const root = join(import.meta.dirname, "..");
const defaultEntries = ["10", "10000", "1000000"];
const defaultConcurrencies = ["1", "32", "256"];
const defaultSeconds = 10;
const soakSeconds = 600;
/** statfs(2): the types of Linux's memory file systems. */
const memoryFileSystems = [0x01021994, 0x858458f6];

const { values } = readArguments(usage, {
  options: {
    scenario: { type: "string", multiple: true },
    concurrency: { type: "string", multiple: true, default: defaultConcurrencies },
    seconds: { type: "string" },
    entries: { type: "string", multiple: true, default: defaultEntries },
    dir: { type: "string", multiple: true, default: [join(root, "dist", "bench")] },
    json: { type: "string" },
    publish: { type: "boolean", default: false },
    soak: { type: "boolean", default: false },
    overload: { type: "boolean", default: false },
    batches: { type: "boolean", default: false },
    peer: { type: "string" },
  },
});

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} is a positive number`);
  return value;
}

/** Of those that there are; all of them where none is asked for. */
function namesAmong<Name extends string>(known: readonly Name[]): readonly Name[] {
  return (values.scenario ?? known).map((text) => {
    const name = known.find((one) => one === text);
    if (!name) throw new Error(`no scenario ${text}: one of ${known.join(", ")}`);
    return name;
  });
}

const batched = values.batches ? namesAmong(batchScenarios) : [];
const names = values.batches ? [] : namesAmong(scenarioNames);
const concurrencies = values.concurrency.map((text) => positive("concurrency", text));
const entries = values.entries.map((text) => positive("entries", text));
const seconds = positive("seconds", values.seconds ?? String(defaultSeconds));

function storageOf(folder: string): Row["storage"] {
  return memoryFileSystems.includes(statfsSync(folder).type) ? "memory" : "disk";
}

async function runOn(folder: string, ledger: Target, floor: Target, population: Population) {
  const rows: Row[] = [];
  const storage = storageOf(folder);
  console.log(headings);
  for (const scenario of names.flatMap((name) => scenariosOf(name, population))) {
    for (const concurrency of concurrencies) {
      const plan = { concurrency, seconds, storage };
      const row = await measure(ledger, floor, population, scenario, plan);
      console.log(tableRow(row));
      rows.push(row);
    }
  }
  return rows;
}

/** Of one scenario, where one was named: instead of the rows, and whether all went well. */
async function runSpecial(ledger: Target, population: Population): Promise<boolean> {
  if (values.batches) {
    console.log(batchHeadings);
    let isSound = true;
    for (const name of batched) {
      isSound = (await compareBatches(ledger, population, name, seconds)) && isSound;
    }
    return isSound;
  }
  const [scenario] = names.length === 1 ? scenariosOf(names[0]!, population) : [];
  if (values.overload) {
    const [uniform] = scenariosOf("uniform", population);
    return overload(ledger, population, scenario ?? uniform!, seconds);
  }
  const [mixed] = scenariosOf("mixed", population);
  return soak(ledger, population, scenario ?? mixed!, {
    concurrency: concurrencies.length === 1 ? concurrencies[0]! : 32,
    seconds: values.seconds === undefined ? soakSeconds : seconds,
  });
}

/** Returns the rows, and whether the files of all objects add up once the service is down. */
async function benchmark(parent: string): Promise<{ rows: Row[]; isSound: boolean }> {
  const folder = temporaryFolder(parent);
  const ledgerFolder = await prepareService(join(folder, "ledger"));
  const floorFolder = await prepareService(join(folder, "floor"), "bench/floor.toml");
  const isSpecial = values.soak || values.overload || values.batches;
  const needsBig = !isSpecial && names.some((name) => name === "balance" || name === "history");
  console.log(`${storageOf(folder)}: seeding wallets${needsBig ? ", also big ones" : ""} ...`);
  const { service, population } = await populate(ledgerFolder, needsBig ? entries : []);
  const floorService = await start(floorFolder);
  await warmFloor(floorService.origin, population.wallets);
  const ledger = { folder: ledgerFolder, service };
  const floor = { folder: floorFolder, service: floorService };
  const before = await heldByWallets(service.origin, population);
  if (before !== population.total) throw new Error("the seeded wallets do not add up");

  const isSteady = isSpecial ? await runSpecial(ledger, population) : true;
  const rows = isSpecial ? [] : await runOn(folder, ledger, floor, population);
  await Promise.all([service.stop(), floorService.stop()]);
  const { net, open } = sumOfFiles(ledgerFolder.state);
  const adds = net === BigInt(population.oneSided) && open === 0;
  const verdict = adds ? "add up to zero" : `are OFF: ${net}, ${open} open legs`;
  console.log(`the files of all accounts ${verdict}`);
  rmSync(folder, { recursive: true, force: true });
  return { rows, isSound: isSteady && adds };
}

if (values.peer !== undefined) {
  if (values.peer !== "postgres") throw new Error("--peer is postgres");
  const both = names.filter((name) => peerScenarios.includes(name));
  const told = values.publish ? { publish: commandOf(process.argv.slice(2)) } : {};
  const plan = { concurrencies, seconds, dir: values.dir[0]!, ...told };
  process.exit((await comparePeer(both, plan)) ? 0 : 1);
}

const rows: Row[] = [];
let isSound = true;
for (const dir of values.dir) {
  const result = await benchmark(dir);
  rows.push(...result.rows);
  isSound &&= result.isSound && result.rows.every((row) => row.conserved);
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
if (values.publish) publish(join(root, "docs"), rows, process.argv.slice(2));
process.exitCode = isSound ? 0 : 1;
