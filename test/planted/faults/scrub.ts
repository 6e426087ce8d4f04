// The scrub: what a log shard must find in its accounts, at which pace, and what it may not call a
// difference.
import type { Area } from "../planted-fault.ts";

const rules = "src/domain/protocol/scrub.ts";
const job = "src/durable-objects/transfer-log/scrub.ts";
const batch = "src/durable-objects/transfer-log/scrub-batch.ts";
const differences = ["test/durable-objects/transfer-log/scrub-differences.test.ts"];
const domain = ["test/domain/scrub.test.ts"];
const cost = ["test/durable-objects/cost-of-scrubs.test.ts"];
const pace = ["test/durable-objects/transfer-log/scrub.test.ts"];

export const scrubFaults: Area = {
  area: "scrub",
  faults: [
    {
      name: "lost-legs-are-fine",
      breaks: "A committed leg that its account does not have is a difference.",
      file: rules,
      find: 'return committed ? "missing_leg" : undefined;',
      replace: "return undefined;",
      caughtBy: differences,
    },
    {
      name: "lost-entries-are-fine",
      breaks: "A posted leg has its entry.",
      file: rules,
      find: 'if (!reading.entry) return "missing_entry";',
      replace: "if (!reading.entry) return undefined;",
      caughtBy: differences,
    },
    {
      name: "shown-content-not-compared",
      breaks: "An entry shows what its log knows.",
      file: rules,
      find: "reading.entry.shown !== shownDigest(posting)",
      replace: "false",
      caughtBy: differences,
    },
    {
      name: "anchors-not-scrubbed",
      breaks: "An entry has the hash whose beginning its log keeps.",
      file: rules,
      find: "anchor === null || anchor === reading.entry.anchor",
      replace: "anchor === null || true",
      caughtBy: differences,
    },
    {
      name: "settled-legs-may-be-held",
      breaks: "A settled leg is posted.",
      file: rules,
      find: 'return transaction.settledAt === undefined ? undefined : "unposted_leg";',
      replace: "return undefined;",
      caughtBy: differences,
    },
    {
      name: "posted-without-a-commit",
      breaks: "What was refused is not posted.",
      file: rules,
      find: 'reading.state === "posted" ? "posted_without_commit" : undefined',
      replace: "undefined",
      caughtBy: differences,
    },
    {
      name: "debits-need-no-credits",
      breaks: "Debits of a transaction equal its credits.",
      file: rules,
      find: "legs.length === 0 || [...sums.values()].some((sum) => sum !== 0n)",
      replace: "legs.length === 0",
      caughtBy: differences,
    },
    {
      name: "a-batch-begins-at-once",
      breaks: "At most one batch of a shard begins within a minute.",
      file: rules,
      find: "nextAt: now + scrubSpacingMs }",
      replace: "nextAt: now }",
      caughtBy: pace,
    },
    {
      name: "a-batch-that-begins-is-not-recorded",
      breaks: "That a batch has begun is durable before any account is asked.",
      file: job,
      find: "      this.#store.save(begun);\n      return",
      replace: "      return",
      caughtBy: pace,
    },
    {
      name: "a-batch-begins-without-an-alarm",
      breaks: "The alarm of the next batch is set before any account is asked.",
      file: job,
      find: "return { result: undefined, alarmAt: begun.nextAt };",
      replace: "return { result: undefined };",
      caughtBy: pace,
    },
    {
      name: "a-long-round-is-followed-at-once",
      breaks: "A round that took longer than 7 days is followed by the next one a minute later.",
      file: rules,
      find: "nextAt: Math.max(startedAt + scrubIntervalMs, next.nextAt)",
      replace: "nextAt: startedAt + scrubIntervalMs",
      caughtBy: domain,
    },
    {
      name: "sums-of-a-transaction-are-rounded",
      breaks: "Debits and credits are added up exactly.",
      file: rules,
      find: "(sums.get(currency) ?? 0n) + signed",
      replace: "BigInt(Number((sums.get(currency) ?? 0n) + signed))",
      caughtBy: domain,
    },
    {
      name: "attempts-of-a-batch-add-up",
      breaks: "Each batch has its own attempts.",
      file: rules,
      find: "cursor: last, tries: 0, checked, skipped };",
      replace: "cursor: last, checked, skipped };",
      caughtBy: domain,
    },
    {
      name: "a-wrong-clock-keeps-commands-waiting",
      breaks: "A clock that was ahead at the last batch keeps no command waiting.",
      file: rules,
      find: "const nextAt = wrong ? now : Math.max(now, earliest);",
      replace: "const nextAt = wrong ? earliest : Math.max(now, earliest);",
      caughtBy: domain,
    },
    {
      name: "a-command-ignores-the-pace",
      breaks: "Commands do not make two batches of one minute.",
      file: rules,
      find: "const nextAt = wrong ? now : Math.max(now, earliest);",
      replace: "const nextAt = now;",
      caughtBy: pace,
    },
    {
      name: "accounts-that-are-away-are-checked",
      breaks:
        "An account that does not answer is asked again before its transactions are left out.",
      file: rules,
      find: "if (unasked > 0 && progress.tries + 1 < scrubTriesMax) {",
      replace: "if (unasked < 0) {",
      caughtBy: pace,
    },
    {
      name: "a-known-command-begins-a-round",
      breaks: "A command begins one round, however often it is repeated.",
      file: job,
      find: "      if (known) {",
      replace: "      if (known && false) {",
      caughtBy: pace,
    },
    {
      name: "what-changed-meanwhile-counts",
      breaks: "A difference counts only if the transaction is still as it was when it was read.",
      file: job,
      find: "now.state === seen.state && now.settledAt === seen.settledAt",
      replace: "true",
      caughtBy: pace,
    },
    {
      name: "findings-are-not-logged",
      breaks: "Each difference is logged as an integrity fault.",
      file: job,
      find: "for (const finding of findings) this.#report(finding);",
      replace: "",
      caughtBy: pace,
    },
    {
      name: "each-leg-is-asked-about-alone",
      breaks: "A batch asks each account once, about all of its legs.",
      file: batch,
      find: "const name = `${tenant} ${address.class} ${address.id}`;",
      replace: "const name = `${tenant} ${address.class} ${address.id} ${asked.transaction.id}`;",
      caughtBy: cost,
    },
    {
      name: "every-alarm-looks-at-a-batch",
      breaks: "A shard sleeps between its rounds.",
      file: rules,
      find: "const next = { ...progress, cursor: last, tries: 0, checked, skipped };",
      replace: 'const next = { ...progress, cursor: last ?? "", tries: 0, checked, skipped };',
      caughtBy: cost,
    },
    {
      name: "unanswered-legs-are-answered",
      breaks: "A transaction of which an account did not answer is not checked.",
      file: batch,
      find: "    this.#unanswered.add(asked);\n",
      replace: "",
      caughtBy: pace,
    },
  ],
};
