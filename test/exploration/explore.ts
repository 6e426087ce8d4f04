// `npm run test:explore`: explores the small worlds under the production rules, which must keep
// every promise, and under every mutant, which must break one. Options: --list; --all adds the
// large worlds; --config NAME and --mutant NAME run one (exit code 1 with the shortest trace where
// a promise breaks). Worlds are explored on several threads; the report is in a fixed order.
import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { configurations } from "./configurations.ts";
import { Explorer, type Exploration } from "./explorer.ts";
import { mutants } from "./mutants.ts";
import { productionRules } from "./rules.ts";
import { formatFigures, formatViolation } from "./trace.ts";
import { buildWorld } from "./build-world.ts";
import { readArguments } from "../../scripts/usage.mjs";

const usage = "usage: npm run test:explore -- [--list] [--all] [--config NAME] [--mutant NAME]";

const threadsMax = 2;

interface Job {
  readonly configuration: string;
  readonly mutant?: string;
}

function run(job: Job): Exploration {
  const configuration = configurations.find(({ name }) => name === job.configuration);
  if (!configuration) throw new Error(`no such configuration: ${job.configuration}`);
  const mutant = mutants.find(({ name }) => name === job.mutant);
  const rules = mutant?.rules ?? productionRules;
  return new Explorer(buildWorld(configuration, rules), rules).explore();
}

/** Runs the jobs on threads; `report` gets the results in the order of the jobs. */
async function runAll(
  jobs: readonly Job[],
  report: (job: Job, result: Exploration) => void,
): Promise<void> {
  const waiting = [...jobs];
  const results = jobs.map(() => Promise.withResolvers<Exploration>());
  const threads = Math.min(threadsMax, availableParallelism(), jobs.length);
  const startNext = () => {
    const job = waiting.shift();
    if (!job) return;
    const result = results[jobs.indexOf(job)]!;
    const worker = new Worker(import.meta.filename, { workerData: job });
    worker.once("message", (exploration: Exploration) => result.resolve(exploration));
    worker.once("error", result.reject);
    worker.once("exit", startNext);
  };
  for (let thread = 0; thread < threads; thread++) startNext();
  for (const [index, { promise }] of results.entries()) report(jobs[index]!, await promise);
}

function list(): void {
  console.log("configurations");
  for (const { name, about, small } of configurations) {
    console.log(`  ${name.padEnd(28)}${small ? "" : "(large) "}${about}`);
  }
  console.log(`mutants (${mutants.length})`);
  for (const { name, rule, world } of mutants) {
    console.log(`  ${name.padEnd(28)}${rule} [${world}]`);
  }
}

/** One world, in full. Returns the exit code. */
function showOne(job: Job): number {
  const result = run(job);
  console.log(`${job.mutant ? `${job.mutant} in ` : ""}${job.configuration}`);
  if (result.violation) console.log(formatViolation(result.violation));
  else console.log(`  every promise is kept\n  reached: ${result.outcomes.join("; ")}`);
  console.log(`  ${formatFigures(result)}`);
  return result.violation ? 1 : 0;
}

/** Returns the exit code. */
async function showAll(withLarge: boolean): Promise<number> {
  const startedAt = performance.now();
  const chosen = configurations.filter(({ small }) => small || withLarge);
  const clean = chosen.map(({ name }): Job => ({ configuration: name }));
  const mutated = mutants.map(({ name, world }): Job => ({ configuration: world, mutant: name }));
  let states = 0;
  let transitions = 0;
  let failures = 0;
  await runAll([...clean, ...mutated], (job, result) => {
    const { violation } = result;
    const isExpected = (violation !== undefined) === (job.mutant !== undefined);
    if (!isExpected) failures += 1;
    if (job.mutant === undefined) {
      states += result.states;
      transitions += result.transitions;
      console.log(`${job.configuration.padEnd(28)}${formatFigures(result)}`);
      if (violation) console.log(formatViolation(violation));
    } else {
      const caught = violation && `${violation.trace.length} steps: ${violation.promise}`;
      console.log(`${job.mutant.padEnd(28)}${caught ?? `NOT CAUGHT in ${job.configuration}`}`);
    }
  });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const count = (number: number) => number.toLocaleString("en-US");
  const size = `${count(states)} states, ${count(transitions)} transitions`;
  const unexpected = `${mutants.length} mutants, ${failures} unexpected results`;
  console.log(`${chosen.length} configurations, ${size}; ${unexpected}; ${seconds} s`);
  return failures === 0 ? 0 : 1;
}

/** Returns the exit code. */
async function main(): Promise<number> {
  const { values } = readArguments(usage, {
    options: {
      list: { type: "boolean", default: false },
      all: { type: "boolean", default: false },
      mutant: { type: "string" },
      config: { type: "string" },
    },
  });
  if (values.list) {
    list();
    return 0;
  }
  if (values.mutant === undefined && values.config === undefined) return showAll(values.all);
  const mutant = mutants.find(({ name }) => name === values.mutant);
  const configuration = values.config ?? mutant?.world;
  const isKnown = configurations.some(({ name }) => name === configuration);
  if (configuration === undefined || !isKnown || (values.mutant !== undefined && !mutant)) {
    console.error("no such configuration or mutant; --list names them");
    return 2;
  }
  return showOne({ configuration, ...(mutant && { mutant: mutant.name }) });
}

if (isMainThread) process.exitCode = await main();
else parentPort?.postMessage(run(workerData as Job), []);
