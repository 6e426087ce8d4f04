// A log shard at work: attempts, rounds of holds, answers, notes, and the alarm that takes over.
import type { Area } from "../planted-fault.ts";

const saga = "src/domain/protocol/saga.ts";
const attempt = "src/durable-objects/transfer-log/attempt.ts";
const runner = "src/durable-objects/transfer-log/runner.ts";
const reads = "src/durable-objects/transfer-log/reads.ts";
const log = "src/durable-objects/transfer-log/core.ts";
const calls = "src/durable-objects/transfer-log/leg-calls.ts";
const notes = "src/durable-objects/transfer-log/settled-notes.ts";
const alarm = "src/durable-objects/transfer-log/alarm-jobs.ts";

const overtaken = ["test/durable-objects/transfer-log/overtaken-attempts.test.ts"];
const rounds = ["test/durable-objects/account/rounds-of-holds.test.ts"];
const answers = ["test/durable-objects/transfer-log/answers.test.ts"];
const settled = ["test/durable-objects/transfer-log/settled-notes.test.ts"];
const inTurn = ["test/durable-objects/transfer-log/claims-in-turn.test.ts"];

export const runnerFaults: Area = {
  area: "saga-runner",
  faults: [
    {
      name: "lost-compare-and-set-is-ignored",
      breaks: "An attempt performs what was decided, not what it would have decided.",
      file: attempt,
      find: "const decide = () => this.#parts.store.decide(seen.id, to, refusal, decidedAt);",
      replace:
        "const decide = () => this.#parts.store.decide(seen.id, to, refusal, decidedAt) || true;",
      caughtBy: overtaken,
    },
    {
      name: "decision-without-compare",
      breaks: "Only what is undecided is decided.",
      file: "src/durable-objects/transfer-log/store.ts",
      find: "WHERE open = 1 AND id = ? AND state = 'preparing' RETURNING 1 AS decided",
      replace: "WHERE open = 1 AND id = ? RETURNING 1 AS decided",
      caughtBy: overtaken,
    },
    {
      name: "hanging-attempt-is-joined",
      breaks: "An attempt of 10 s is overtaken.",
      file: runner,
      find: "if (running && isYoung(running.startedAt, now, attemptMaxMs)) return running.done;",
      replace: "if (running) return running.done;",
      caughtBy: overtaken,
      hangs: true,
    },
    {
      name: "young-attempt-is-overtaken",
      breaks: "A running attempt is joined.",
      file: runner,
      find: "if (running && isYoung(running.startedAt, now, attemptMaxMs)) return running.done;",
      replace: "if (running && now < running.startedAt - 1) return running.done;",
      caughtBy: answers,
    },
    {
      name: "overtaken-attempt-ends-the-next",
      breaks: "The end of an overtaken attempt leaves the running one in its place.",
      file: runner,
      find: "if (this.#attempts.get(id)?.done === done) this.#attempts.delete(id);",
      replace: "if (done) this.#attempts.delete(id);",
      caughtBy: overtaken,
    },
    {
      name: "attempts-leak",
      breaks: "An attempt that has ended makes room.",
      file: runner,
      find: "if (this.#attempts.get(id)?.done === done) this.#attempts.delete(id);",
      replace: "if (this.#attempts.get(id)?.done !== done) this.#attempts.delete(id);",
      caughtBy: overtaken,
    },
    {
      name: "deadline-before-the-first-round-only",
      breaks: "The deadline is looked at before every round of asking.",
      file: attempt,
      find: "const time = { now: clock.now(), startedAt: this.#startedAt, rounds };",
      replace:
        "const now = rounds > 0 ? this.#startedAt : clock.now();\n        const time = { now, startedAt: this.#startedAt, rounds };",
      caughtBy: rounds,
    },
    {
      name: "first-no-decides-at-once",
      breaks: "After a first NO the other votes are waited for.",
      file: calls,
      find: "stopWaiting ??= this.#parts.clock.after(otherVotesMaxMs, finish);",
      replace: "finish();",
      caughtBy: rounds,
    },
    {
      name: "votes-are-waited-for-without-an-end",
      breaks: "One second after a first NO the transaction is rejected.",
      file: calls,
      find: "stopWaiting ??= this.#parts.clock.after(otherVotesMaxMs, finish);",
      replace: "stopWaiting ??= () => undefined;",
      caughtBy: rounds,
    },
    {
      name: "busy-hurries-the-others",
      breaks: "Only a NO bounds the wait for the other votes.",
      file: calls,
      find: 'if (vote?.vote === "no") {',
      replace: 'if (vote?.vote !== "yes") {',
      caughtBy: rounds,
    },
    {
      name: "wait-for-votes-is-not-taken-back",
      breaks: "No timer outlives the votes.",
      file: calls,
      find: "        stopWaiting?.();\n",
      replace: "",
      caughtBy: rounds,
    },
    {
      name: "next-claim-after-any-answer",
      breaks: "After claims in one account, the next account is asked only when it has said YES.",
      file: calls,
      find: 'if (vote?.vote !== "yes" || isOver) return;',
      replace: "if (isOver) return;",
      caughtBy: inTurn,
    },
    {
      name: "claims-are-asked-after-the-round",
      breaks: "A round that is over asks no further account.",
      file: calls,
      find: 'if (vote?.vote !== "yes" || isOver) return;',
      replace: 'if (vote?.vote !== "yes") return;',
      caughtBy: inTurn,
    },
    {
      name: "all-accounts-in-turn",
      breaks: "Accounts without claims wait for no other one.",
      file: calls,
      find: "void Promise.all(this.#order.map(ask)).then(finish);",
      replace: "void ask(this.#order.flat()).then(finish);",
      caughtBy: inTurn,
    },
    {
      name: "rejected-only-where-held",
      breaks: "Every leg is released, also one whose vote came late or never.",
      file: calls,
      find: "const settling = this.#legs.map((leg) => this.#call(leg, call));",
      replace:
        'const asked = to === "release" ? this.#legs.slice(0, 1) : this.#legs;\n    const settling = asked.map((leg) => this.#call(leg, call));',
      caughtBy: rounds,
    },
    {
      name: "answered-before-every-leg",
      breaks: "An answer comes when every leg has acknowledged.",
      file: saga,
      find: "replies.settling.every((reply) => reply?.acknowledged)",
      replace: "replies.settling.some((reply) => reply?.acknowledged)",
      caughtBy: ["test/durable-objects/account/broken-accounts.test.ts"],
    },
    {
      name: "answered-before-the-release",
      breaks: "A refusal is answered when every leg is released.",
      file: attempt,
      find: '          case "call":\n',
      replace:
        '          case "call":\n            if (step.call === "release") {\n              const settling = calls.settle(step.call, this.#row);\n              void settling.then((last) => this.#finish(anchorsOf(last)));\n              return this.#row;\n            }\n',
      caughtBy: answers,
    },
    {
      name: "answered-before-the-post",
      breaks: "A commit is answered when every leg is posted.",
      file: attempt,
      find: '          case "call":\n',
      replace:
        '          case "call":\n            if (step.call === "post") {\n              const settling = calls.settle(step.call, this.#row);\n              void settling.then((last) => this.#finish(anchorsOf(last)));\n              return this.#row;\n            }\n',
      caughtBy: answers,
    },
    {
      name: "one-waiter-is-answered",
      breaks: "All that wait for a transaction are answered when it settles.",
      file: runner,
      find: "const waiters = this.#waiting.get(id) ?? new Set();",
      replace: "const waiters: Set<(settled: StoredTransaction) => void> = new Set();",
      caughtBy: answers,
      hangs: true,
    },
    {
      name: "forgetting-waiter-drops-the-others",
      breaks: "A waiter that gives up forgets itself only.",
      file: runner,
      find: "if (waiters.size === 0 && this.#waiting.get(id) === waiters) this.#waiting.delete(id);",
      replace: "this.#waiting.delete(id);",
      caughtBy: answers,
      hangs: true,
    },
    {
      name: "client-waits-without-an-end",
      breaks: "A client is answered after 5 s, pending.",
      file: log,
      find: "await withTimeout(this.#parts.clock, settled, answerWaitMaxMs)",
      replace: "await withTimeout(this.#parts.clock, settled, 100 * answerWaitMaxMs)",
      caughtBy: answers,
      hangs: true,
    },
    {
      name: "pending-is-called-settled",
      breaks: "What is not acknowledged everywhere is pending.",
      file: log,
      find: "return row.settledAt !== undefined || this.#notes.has(id) ? row : undefined;",
      replace: 'return row.state === "preparing" ? undefined : row;',
      caughtBy: answers,
    },
    {
      name: "repeat-is-a-replay",
      breaks: "What the edge repeats of one HTTP request is no replay.",
      file: "src/durable-objects/rpc/contract.ts",
      find: "return recorded === undefined || sent !== recorded;",
      replace: "return recorded === undefined || sent !== undefined;",
      caughtBy: ["test/durable-objects/faults/edge.test.ts"],
    },
    {
      name: "replay-is-none",
      breaks: "A client's next request with the same key is a replay.",
      file: "src/durable-objects/rpc/contract.ts",
      find: "return recorded === undefined || sent !== recorded;",
      replace: "return recorded === undefined;",
      caughtBy: ["test/durable-objects/faults/edge.test.ts"],
    },
    {
      name: "notes-are-written-never",
      breaks: "A note is written with the next transaction of its shard.",
      file: "src/durable-objects/transfer-log/recorder.ts",
      find: "      written = notes.write();\n",
      replace: "",
      caughtBy: settled,
    },
    {
      name: "note-is-dropped-before-it-is-durable",
      breaks: "A note whose write is rolled back is still there.",
      file: notes,
      find: "    return ids;\n",
      replace: "    this.#unwritten.clear();\n    return ids;\n",
      caughtBy: settled,
    },
    {
      name: "notes-are-kept",
      breaks: "A note that is written is dropped: memory does not grow with the transactions.",
      file: notes,
      find: "for (const id of written) this.#unwritten.delete(id);",
      replace: "void written;",
      caughtBy: settled,
    },
    {
      name: "find-contradicts-an-answer",
      breaks: "A read shows as settled what was answered as settled.",
      file: reads,
      find: "    this.#parts.notes.flush();\n    const found",
      replace: "    const found",
      caughtBy: settled,
    },
    {
      name: "unsettled-lists-what-is-settled",
      breaks: "What was answered as settled is not listed as unsettled.",
      file: reads,
      find: "    notes.flush();\n",
      replace: "",
      caughtBy: settled,
    },
    {
      name: "alarm-without-a-guard",
      breaks: "An alarm run has its successor before it calls anybody.",
      file: alarm,
      find: "if (due.length > 0) await alarm.arm(now + alarmGuardMs);",
      replace: "",
      caughtBy: ["test/durable-objects/transfer-log/guard-alarm.test.ts"],
    },
    {
      name: "alarm-drives-what-is-settled",
      breaks: "An alarm writes the notes before it looks for work.",
      file: alarm,
      find: "    this.#parts.notes.flush();\n    for (const job",
      replace: "    for (const job",
      caughtBy: settled,
    },
    {
      name: "full-shard-takes-more",
      breaks: "A shard that drives as many as it can takes no new transaction.",
      file: "src/durable-objects/transfer-log/recorder.ts",
      find: "return isBusy || storage",
      replace: "return storage",
      caughtBy: ["test/durable-objects/transfer-log/overload.test.ts"],
    },
  ],
};
