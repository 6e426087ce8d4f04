// Limits that a short run meets only where they are small: pages, checkpoints, passes; and
// refusals that are not justified.
import type { Area } from "../planted-fault.ts";

const small = (seed: number) => ({
  command: `node test/simulation/cli.ts --small-limits --seed ${seed}`,
});

export const smallLimitFaults: Area = {
  area: "small limits",
  faults: [
    {
      name: "checkpoint-leaves-an-entry-out",
      breaks: "A checkpoint is the sum of the entries up to it.",
      file: "src/durable-objects/wallet/sums.ts",
      find: '"SELECT * FROM entries WHERE sequence > CAST(? AS INTEGER) ORDER BY sequence",\n        before?.sequence ?? 0,',
      replace:
        '"SELECT * FROM entries WHERE sequence > CAST(? AS INTEGER) + 1 ORDER BY sequence",\n        before?.sequence ?? 0,',
      caughtBy: small(1),
    },
    {
      name: "page-skips-an-entry",
      breaks: "Paging neither skips nor repeats.",
      file: "src/durable-objects/wallet/history.ts",
      find: "nextBefore = row.sequence > lowest ? row.sequence : null",
      replace: "nextBefore = row.sequence > lowest ? row.sequence - 1 : null",
      caughtBy: small(1),
    },
    {
      name: "last-pass-claims-to-be-clean",
      breaks: "A read that gives up says that legs are in flight.",
      file: "src/durable-objects/wallet/core.ts",
      find: "return last.held.length === 0 ? last : { ...last, inFlight: last.held.length };",
      replace: "return last;",
      caughtBy: small(3),
    },
    {
      name: "refused-without-asking",
      breaks: "Before a NO that an undecided leg could change, its log is asked.",
      file: "src/durable-objects/account/core.ts",
      find: "this.#holdNow(call, mayAsk)",
      replace: "this.#holdNow(call, false)",
      caughtBy: { command: "node test/simulation/cli.ts --seed 13" },
    },
  ],
};
