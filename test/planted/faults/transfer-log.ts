// The transfer log: its records, what drives them, and the alarm that nothing is forgotten by.
import type { Area } from "../planted-fault.ts";

const runner = "src/durable-objects/transfer-log/runner.ts";
const log = "src/durable-objects/transfer-log/core.ts";
const alarm = "src/durable-objects/transfer-log/alarm-jobs.ts";
const clock = "src/durable-objects/alarm-clock.ts";
const calls = "src/durable-objects/transfer-log/leg-calls.ts";
const answers = "src/durable-objects/transfer-log/answers.ts";
const reads = "src/durable-objects/transfer-log/reads.ts";
const store = "src/durable-objects/transfer-log/store.ts";
const acknowledged = "src/durable-objects/transfer-log/settled-notes.ts";
const alarms = ["test/durable-objects/transfer-log/alarms.test.ts"];
const expiry = ["test/durable-objects/transfer-log/expiry.test.ts"];
const replays = ["test/durable-objects/transfer-log/racing-replays.test.ts"];
const unsettled = ["test/durable-objects/transfer-log/unsettled.test.ts"];
const cleanUp = ["test/durable-objects/transfer-log/clean-up.test.ts"];
const holds = ["test/durable-objects/account/rounds-of-holds.test.ts"];
const overtaken = ["test/durable-objects/transfer-log/overtaken-attempts.test.ts"];
const identity = ["test/durable-objects/rpc/identity.test.ts"];
const notes = ["test/durable-objects/transfer-log/settled-notes.test.ts"];

export const transferLogFaults: Area = {
  area: "transfer-log",
  faults: [
    {
      name: "decision-without-compare-and-set",
      breaks: "An attempt that was overtaken performs what was decided.",
      file: runner,
      find: "if (!store.decide(seen.id, to, refusal, decidedAt)) return this.#read(seen.id);",
      replace: "store.decide(seen.id, to, refusal, decidedAt);",
      caughtBy: overtaken,
    },
    {
      name: "decisions-of-decided-rows",
      breaks: "A decision is made by compare-and-set, from preparing only.",
      file: store,
      find: "WHERE open = 1 AND id = ? AND state = 'preparing' RETURNING",
      replace: "WHERE open = 1 AND id = ? RETURNING",
      caughtBy: overtaken,
    },
    {
      name: "deadline-is-looked-at-once",
      breaks: "The deadline is looked at before every round of asking.",
      file: runner,
      find: "const action = nextAction(seen, this.#parts.clock.now());",
      replace:
        "const action = nextAction(seen, round === 1 ? this.#parts.clock.now() : seen.createdAt);",
      caughtBy: holds,
    },
    {
      name: "running-attempt-is-not-joined",
      breaks: "A submission joins the attempt that is running.",
      file: runner,
      find: "if (running && isYoung(running.startedAt, now, attemptMaxMs)) return running.done;",
      replace: "",
      caughtBy: ["test/durable-objects/transfer-log/answers.test.ts"],
    },
    {
      name: "overtaken-attempt-ends-its-successor",
      breaks: "An attempt that ends takes only itself off the list.",
      file: runner,
      find: "if (this.#attempts.get(id)?.done === done) this.#attempts.delete(id);",
      replace: "this.#attempts.delete(id);",
      caughtBy: overtaken,
    },
    {
      name: "one-waiter-is-told",
      breaks: "Every client that waits for a transaction gets its answer.",
      file: runner,
      find: "this.#waiting.get(settled.id) ?? []",
      replace: "[...(this.#waiting.get(settled.id) ?? [])].slice(0, 1)",
      caughtBy: ["test/durable-objects/transfer-log/answers.test.ts"],
    },
    {
      name: "half-acknowledged-is-settled",
      breaks: "A transaction is settled when every account has acknowledged it.",
      file: runner,
      find: "answers.every((answer) => answer?.acknowledged)",
      replace: "answers.some((answer) => answer?.acknowledged)",
      caughtBy: ["test/durable-objects/account/broken-accounts.test.ts"],
    },
    {
      name: "contradiction-is-not-stuck",
      breaks: "A transaction that contradicts its accounts is stuck at once.",
      file: runner,
      find: 'answer?.acknowledged === false && answer.reason === "fault"',
      replace: 'answer?.acknowledged === false && answer.reason === "protocol_version"',
      caughtBy: unsettled,
    },
    {
      name: "stuck-is-forgotten",
      breaks: "What is stuck stays stuck until it is settled.",
      file: runner,
      find: "const stuck = row.stuck || fault ||",
      replace: "const stuck = fault ||",
      caughtBy: ["test/durable-objects/transfer-log/stuck.test.ts"],
    },
    {
      name: "never-stuck",
      breaks: "After 20 attempts a transaction is stuck.",
      file: runner,
      find: "attempts >= attemptsUntilStuck",
      replace: "attempts > 2 * attemptsUntilStuck",
      caughtBy: unsettled,
    },
    {
      name: "failed-attempt-has-no-successor",
      breaks: "An attempt that fails is made again by the alarm.",
      file: runner,
      find: "      await this.#postpone(id, requestId, false).catch((again: unknown) =>\n        this.#logFailure(id, requestId, again),\n      );\n",
      replace: "",
      caughtBy: ["test/durable-objects/transfer-log/overtaken-attempts.test.ts"],
    },
    {
      name: "first-no-waits-for-all",
      breaks: "A NO is answered 1 s after it came, whatever the others do.",
      file: calls,
      find: 'else if (vote?.vote === "no")',
      replace: 'else if (vote?.vote === "no" && unanswered === 0)',
      caughtBy: ["test/durable-objects/account/rounds-of-holds.test.ts"],
    },
    {
      name: "first-no-is-final-at-once",
      breaks: "After a first NO the others have 1 s: the refusal is the first in precedence.",
      file: calls,
      find: "stopWaiting ??= this.#parts.clock.after(otherVotesMaxMs, finish);",
      replace: "finish();",
      caughtBy: holds,
    },
    {
      name: "failed-call-is-an-acknowledgement",
      breaks: "A call that failed has acknowledged nothing.",
      file: calls,
      find: "      return undefined;\n",
      replace: "      return { acknowledged: true } as Answer;\n",
      caughtBy: ["test/durable-objects/account/broken-accounts.test.ts"],
    },
    {
      name: "reused-key-is-a-replay",
      breaks: "Another request under a known key is refused.",
      file: log,
      find: "known.tenant === tenant && known.fingerprint === fingerprint",
      replace: "known.tenant === tenant",
      caughtBy: replays,
    },
    {
      name: "known-keys-are-refused-by-a-full-shard",
      breaks: "A full shard goes on driving what it knows.",
      file: log,
      find: '      if (known) return { result: recognise(known, submission), ...this.#lostAlarm() };\n      if (this.#isFull()) return { result: { problem: "overloaded" }, ...this.#lostAlarm() };',
      replace:
        '      if (this.#isFull()) return { result: { problem: "overloaded" }, ...this.#lostAlarm() };\n      if (known) return { result: recognise(known, submission), ...this.#lostAlarm() };',
      caughtBy: ["test/durable-objects/transfer-log/overload.test.ts"],
    },
    {
      name: "any-number-in-progress",
      breaks: "A shard works on a bounded number of transactions.",
      file: log,
      find: "this.#runner.inProgress >= transactionsInProgressMax ||\n",
      replace: "",
      caughtBy: ["test/durable-objects/transfer-log/overload.test.ts"],
    },
    {
      name: "log-shard-of-any-id",
      breaks: "A log shard refuses the ids of others.",
      file: log,
      find: "if (shard !== logShardOf(id)) throw new Error(misled);",
      replace: "",
      caughtBy: identity,
    },
    {
      name: "log-of-other-shards",
      breaks: "A log shard refuses to work under another number of shards.",
      file: log,
      find: 'identity?.class !== "transfer-log" || identity.shards !== shardCount',
      replace: 'identity?.class !== "transfer-log"',
      caughtBy: identity,
    },
    {
      name: "new-transaction-without-an-alarm",
      breaks: "A new transaction has its alarm before any account is asked.",
      file: log,
      find: "return { result: { transaction, created: true }, alarmAt, ...this.#lostAlarm() };",
      replace: "return { result: { transaction, created: true } };",
      caughtBy: alarms,
    },
    {
      name: "lost-alarm-stays-lost",
      breaks: "A submission sets an alarm that is overdue again.",
      file: log,
      find: "    if (this.#alarm.isSet()) return {};\n    const next",
      replace: "    if (this.#alarm.isSet() || true) return {};\n    const next",
      caughtBy: alarms,
    },
    {
      name: "overdue-ask-arms-nothing",
      breaks: "An ask about an overdue transaction arms the alarm.",
      file: log,
      find: "    if (result.overdue) this.#alarmWork.armSoon();\n",
      replace: "",
      caughtBy: expiry,
    },
    {
      name: "find-shows-unsettled",
      breaks: "What every account has acknowledged is shown as settled.",
      file: log,
      find: "    this.#acknowledged.flush();\n    return this.#reads.find(call);",
      replace: "    return this.#reads.find(call);",
      caughtBy: ["test/durable-objects/transfer-log/settled-notes.test.ts"],
    },
    {
      name: "rolled-back-log-is-believed",
      breaks: "After a roll-back the log's tables are looked for again.",
      file: log,
      find: "      this.#schema.rolledBack();\n",
      replace: "",
      caughtBy: ["test/durable-objects/rollback.test.ts"],
    },
    {
      name: "restart-arms-nothing",
      breaks: "A restarted log arms the alarm of what is open.",
      file: alarm,
      find: "      scrub.plan();\n      await this.#armNext();\n",
      replace: "      scrub.plan();\n",
      caughtBy: alarms,
    },
    {
      name: "failed-run-arms-nothing",
      breaks: "An alarm run that fails sets the next one.",
      file: alarm,
      find: "      await this.#parts.alarm.arm(this.#parts.clock.now() + alarmGuardMs);\n",
      replace: "",
      caughtBy: alarms,
    },
    {
      name: "run-without-a-guard",
      breaks: "While an alarm run is at work the next one is armed already.",
      file: alarm,
      find: "if (due.length > 0) await alarm.arm(now + alarmGuardMs);",
      replace: "",
      caughtBy: ["test/durable-objects/transfer-log/guard-alarm.test.ts"],
    },
    {
      name: "run-leaves-the-rest",
      breaks: "An alarm run arms the next one for what is left.",
      file: alarm,
      find: "await this.#runJob(job);\n    await this.#armNext();",
      replace: "await this.#runJob(job);",
      caughtBy: alarms,
    },
    {
      name: "run-spins",
      breaks: "Between two alarm runs there are 100 ms.",
      file: alarm,
      find: "await this.#parts.alarm.arm(Math.max(next, earliest));",
      replace: "await this.#parts.alarm.arm(Math.min(next, earliest));",
      caughtBy: alarms,
    },
    {
      name: "clean-up-comes-early",
      breaks: "Details of rejected transactions are kept for 30 days.",
      file: alarm,
      find: "if ((dueAt() ?? Infinity) <= now) store.clean(now - rejectedDetailsMaxMs, cleanBatchMax);",
      replace: "if ((dueAt() ?? Infinity) < Infinity) store.clean(now, cleanBatchMax);",
      caughtBy: cleanUp,
    },
    {
      name: "clean-up-has-no-alarm",
      breaks: "The clean-up comes by itself.",
      file: alarm,
      find: "return oldest === undefined ? undefined : oldest + rejectedDetailsMaxMs;",
      replace: "return oldest === 0 ? 0 : undefined;",
      caughtBy: cleanUp,
    },
    {
      name: "overdue-alarm-is-trusted",
      breaks: "An alarm that is overdue is taken for lost.",
      file: clock,
      find: "this.#setFor !== null && this.#setFor >= now - overdueMs && !wasPutBack",
      replace: "this.#setFor !== null && !wasPutBack",
      caughtBy: alarms,
    },
    {
      name: "later-alarm-is-enough",
      breaks: "An alarm comes at the time that was asked for, or earlier.",
      file: clock,
      find: "return this.isSet() && this.#setFor !== null && this.#setFor <= time;",
      replace: "return this.isSet();",
      caughtBy: alarms,
    },
    {
      name: "ask-of-another-fingerprint",
      breaks: "An ask about another request is a fault.",
      file: answers,
      find: "found?.tenant !== asked.tenant || found.fingerprint !== asked.fingerprint",
      replace: "found?.tenant !== asked.tenant",
      caughtBy: ["test/durable-objects/account/accounts-that-ask.test.ts"],
    },
    {
      name: "ask-of-another-tenant",
      breaks: "An ask of another tenant is a fault.",
      file: answers,
      find: "found?.tenant !== asked.tenant || found.fingerprint !== asked.fingerprint",
      replace: "found?.fingerprint !== asked.fingerprint",
      caughtBy: identity,
    },
    {
      name: "foreign-transactions-are-found",
      breaks: "Another tenant's transaction is not found.",
      file: reads,
      find: 'if (found?.tenant !== call.tenant) return { ok: false, problem: "not_found" };',
      replace: 'if (!found) return { ok: false, problem: "not_found" };',
      caughtBy: identity,
    },
    {
      name: "foreign-transactions-are-listed",
      breaks: "Another tenant's unsettled transactions are not listed.",
      file: store,
      find: "WHERE open = 1 AND tenant = ? AND (created_at",
      replace: "WHERE open = 1 AND ? <> '' AND (created_at",
      caughtBy: unsettled,
    },
    {
      name: "deadline-is-not-due",
      breaks: "What is past its deadline is due, whenever its next attempt is.",
      file: store,
      find: "(deadline <= ?1 OR deadline > ?3)))\n         ORDER BY created_at",
      replace: "(deadline > ?3)))\n         ORDER BY created_at",
      caughtBy: expiry,
    },
    {
      name: "youngest-is-driven-first",
      breaks: "An alarm run drives the oldest transactions first.",
      file: store,
      find: "ORDER BY created_at, id LIMIT CAST(?4 AS INTEGER)",
      replace: "ORDER BY created_at DESC, id LIMIT CAST(?4 AS INTEGER)",
      caughtBy: alarms,
    },
    {
      name: "settled-notes-are-dropped",
      breaks: "What was acknowledged is written with the shard's next write.",
      file: acknowledged,
      find: "for (const [id, settlement] of this.#unwritten) this.#store.settle(id, settlement);",
      replace: "",
      caughtBy: notes,
    },
  ],
  equivalent: [
    {
      name: "waiters-leak",
      file: runner,
      find: "      waiters.delete(resolve);\n",
      replace: "",
      argument:
        "a waiter that is not taken off resolves a promise that nothing waits for any more, and goes " +
        "with the others when the transaction settles or the object ends",
    },
    {
      name: "row-is-not-read-between-rounds",
      file: runner,
      find: "      transaction = this.#read(seen.id);\n",
      replace: "      transaction = { ...seen };\n",
      argument:
        "an attempt pauses only while it is too young to be overtaken, so that no other one decides " +
        "meanwhile; and if one did, compare-and-set would fail and the row would be read then",
    },
  ],
};
