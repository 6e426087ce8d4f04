// Guarantee: the history checker finds what is wrong, calls it by its name, and finds nothing else;
// it is silent about whatever a correct service may do. A checker that cannot fail proves nothing.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { answerCorruptions } from "./answer-corruptions.ts";
import { BadHistory } from "./bad-history.ts";
import { batchCorruptions } from "./batch-corruptions.ts";
import { checkHistory } from "./checker.ts";
import { NothingToDamage, ledgerCorruptions, type Corruption } from "./corruptions.ts";
import { endCorruptions } from "./end-corruptions.ts";
import { legCorruptions } from "./leg-corruptions.ts";
import { MalformedHistory, collect, type HistoryLine } from "./format.ts";
import { generateHistory } from "./generator.ts";
import { describeVerdict } from "./verdict.ts";
import { promises } from "./violations.ts";

const corruptions = [
  ...ledgerCorruptions,
  ...legCorruptions,
  ...endCorruptions,
  ...answerCorruptions,
  ...batchCorruptions,
];

/** How many histories each corruption damages, and in how many it may find nothing for it. */
const damagedCount = 3;
const seedsMax = 40;

/** The first histories in which the corruption finds something to damage. */
function damagedBy({ damage }: Corruption): readonly BadHistory[] {
  const damaged: BadHistory[] = [];
  for (let seed = 1; seed <= seedsMax && damaged.length < damagedCount; seed++) {
    const history = new BadHistory(seed);
    try {
      damage(history);
      damaged.push(history);
    } catch (error) {
      if (!(error instanceof NothingToDamage)) throw error;
    }
  }
  return damaged;
}

function violationsOf(lines: readonly HistoryLine[]): string[] {
  const { violations } = checkHistory(collect(lines));
  return [...new Set(violations.map(({ name }) => name))].toSorted();
}

describe.each(corruptions)("$what", (corruption) => {
  const breaks = corruption.breaks.toSorted();
  test(`is ${breaks.join(", ")} and nothing else`, { timeout: 60_000 }, () => {
    const damaged = damagedBy(corruption);
    expect(damaged.map(({ lines }) => violationsOf(lines))).toEqual(
      Array.from({ length: damagedCount }, () => breaks),
    );
  });
});

test("every promise is broken by some corruption", () => {
  const broken = new Set(corruptions.flatMap(({ breaks }) => breaks));
  expect([...broken].toSorted()).toEqual(Object.keys(promises).toSorted());
});

describe("a clean history", () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))("passes (seed %i)", (seed) => {
    const shape = { operations: 250, clients: 1 + (seed % 9), wallets: 2 + (seed % 7), batches: 4 };
    expect(violationsOf(generateHistory(seed, shape))).toEqual([]);
  });

  test("has everything in it that must not cause an alarm", { timeout: 30_000 }, () => {
    const lines = generateHistory(1, { operations: 2_500, clients: 12, wallets: 5 });
    const statuses = lines.flatMap((line) => (line.kind === "operation" ? [line.status] : []));
    expect(new Set(statuses)).toEqual(new Set([200, 201, 202, 404, 409, 422, null]));
    const { violations, figures } = checkHistory(collect(lines));
    expect(violations).toEqual([]);
    expect(figures.inFlight).toBeGreaterThan(10);
    expect(figures.crossed).toBeGreaterThan(0);
    expect(figures.acknowledged).toBeLessThan(figures.committed);
  });

  // Seeds of histories whose reads with `inFlight` show it: most fit into an order by chance.
  test.each([24, 53, 55, 58])("is judged by its clean reads only (seed %i)", (seed) => {
    const lines = generateHistory(seed, { operations: 600, clients: 14, wallets: 3 });
    expect(violationsOf(lines)).toEqual([]);
    expect(violationsOf(lines.map(pretendClean))).toEqual(["serialization_cycle"]);
  });
});

function pretendClean(line: HistoryLine): HistoryLine {
  if (line.kind !== "operation" || line.body === undefined) return line;
  return { ...line, body: line.body.replace(',"inFlight":1', "") };
}

describe("a file that is no whole history", () => {
  const lines = generateHistory(1, { operations: 50, clients: 3, wallets: 3 });

  test.each([
    ["without a header", lines.slice(1)],
    ["without an end", lines.slice(0, -1)],
    ["without the ledger of a wallet", lines.filter(({ kind }) => kind !== "ledger")],
  ])("%s is refused, and not found clean", (_, incomplete) => {
    expect(() => checkHistory(collect(incomplete))).toThrow(MalformedHistory);
  });
});

test("the verdict names what was broken and says what was promised", () => {
  const history = new BadHistory(1);
  ledgerCorruptions[0]?.damage(history);
  const text = describeVerdict(checkHistory(collect(history.lines)), 12);
  expect(text).toContain(`half_transfer: txn_`);
  expect(text).toContain(promises.half_transfer);
  expect(text).toMatch(/\d+ operations, 2 violations$/);
});

test("docs/history-format.md explains every violation in the same words", () => {
  const path = `${import.meta.dirname}/../../docs/history-format.md`;
  const text = readFileSync(path, "utf8");
  const rows = text.slice(text.indexOf("## Violations")).matchAll(/^\| `(\w+)` +\| (.*?) +\|$/gm);
  const documented = Object.fromEntries([...rows].map(([, name, promise]) => [name, promise]));
  expect(documented).toEqual(promises);
});
