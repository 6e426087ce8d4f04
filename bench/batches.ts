// `npm run bench -- --batches [--scenario payroll|collection|random] [--seconds N] [--dir DIR]`: the
// same transfers as single requests, as batches and as splits, in alternating slices of one run,
// each form with a hundred transfers in flight.
import { randomUUID } from "node:crypto";
import type { Operation } from "./load.ts";
import { percentile, runOnLedger, Sum, type Target } from "./measure.ts";
import { perform, transfer, type Population } from "./population.ts";

const itemsInFlight = 100;
const rounds = 3;
const warmUpShare = 0.25;

export const batchScenarios = ["payroll", "collection", "random"] as const;
export type BatchScenario = (typeof batchScenarios)[number];

type Pair = readonly [from: string, to: string];

interface Form {
  readonly name: string;
  /** Transfers of one request. */
  readonly items: number;
  readonly request: (pairs: readonly Pair[]) => Operation;
}

const body = (pairs: readonly Pair[]) =>
  pairs.map(([fromWalletId, toWalletId]) => ({ fromWalletId, toWalletId, amount: 1 }));

function write(path: string, sent: object): Operation {
  return { method: "POST", path, key: randomUUID(), body: JSON.stringify(sent) };
}

/** `split`: its postings, as far as up to ten wallets go. */
function formsOf(split: number): readonly Form[] {
  return [
    { name: "single", items: 1, request: ([pair]) => transfer(pair![0], pair![1]) },
    {
      name: "batch of 100",
      items: 100,
      request: (pairs) => {
        const items = body(pairs).map((one) => ({ operation: "transfer", ...one }));
        return write("/transactions/batch", { items });
      },
    },
    {
      name: `split of ${split}`,
      items: split,
      request: (pairs) => {
        const postings = pairs.map(([from, to]) => ({ from, to, amount: 1 }));
        return write("/transactions", { postings });
      },
    },
  ];
}

/** So many different wallets, without the first. */
function drawn(wallets: readonly string[], count: number): readonly string[] {
  const chosen = new Set<string>();
  while (chosen.size < count) {
    chosen.add(wallets[1 + Math.floor(Math.random() * (wallets.length - 1))]!);
  }
  return [...chosen];
}

function pairsOf(name: BatchScenario, { wallets }: Population, count: number): readonly Pair[] {
  const [hot = ""] = wallets;
  switch (name) {
    case "payroll":
      return drawn(wallets, count).map((to) => [hot, to]);
    case "collection":
      return drawn(wallets, count).map((from) => [from, hot]);
    case "random": {
      const both = drawn(wallets, 2 * count);
      return both.slice(count).map((to, index) => [both[index]!, to]);
    }
  }
}

/** Whether everything in the answer is committed. */
function isCommitted(answer: unknown): boolean {
  const { items, status } = answer as { items?: readonly { status: number }[]; status?: string };
  return items ? items.every((item) => item.status === 201) : status === "committed";
}

export const batchHeadings =
  "| scenario | form | transfers/s | to single | p50 ms | p95 ms | commits/transfer | of alarms | errors |\n" +
  "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |";

/** A row for each form; false where an acknowledged request turns out not to be committed. */
export async function compareBatches(
  target: Target,
  population: Population,
  name: BatchScenario,
  seconds: number,
): Promise<boolean> {
  const sums = formsOf(name === "random" ? 5 : 9).map((form) => ({ form, sum: new Sum() }));
  let isSound = true;
  for (let round = 0; round < rounds; round++) {
    for (const { form, sum } of sums) {
      const load = {
        connections: Math.round(itemsInFlight / form.items),
        warmUpSeconds: (seconds / rounds) * warmUpShare,
        seconds: seconds / rounds,
        next: () => form.request(pairsOf(name, population, form.items)),
      };
      const { acknowledged } = await runOnLedger(target, population, load, sum);
      const last = acknowledged.at(-1);
      isSound &&= last !== undefined && isCommitted(await perform(target.service.origin, last));
    }
  }
  const single = sums[0]!.sum.latenciesMs.length;
  for (const { form, sum } of sums) {
    const { latenciesMs, commits, alarmCommits, operations, errors } = sum;
    const sorted = latenciesMs.toSorted((left, right) => left - right);
    const items = sorted.length * form.items;
    console.log(
      `| ${name} | ${form.name} | ${(items / seconds).toFixed(1)} | ${(items / single).toFixed(2)} | ` +
        `${percentile(sorted, 0.5).toFixed(1)} | ${percentile(sorted, 0.95).toFixed(1)} | ` +
        `${(commits / (operations * form.items)).toFixed(2)} | ` +
        `${(alarmCommits / (operations * form.items)).toFixed(2)} | ${errors} |`,
    );
  }
  return isSound;
}
