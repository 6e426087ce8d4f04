// Batches: operations that are recorded together under one key, each a transaction of its own.
import type { Area } from "../planted-fault.ts";

const recorder = "src/durable-objects/transfer-log/recorder.ts";
const submission = "src/http/submission.ts";
const route = "src/http/routes/submit-batch.ts";
const migration = "migrations/transfer-log/0002_one_use_of_a_key.sql";
const log = ["test/durable-objects/transfer-log/batches.test.ts"];
const overload = ["test/durable-objects/transfer-log/overload.test.ts"];
const answered = ["test/http/submit-batch/200.test.ts"];
const pending = ["test/http/submit-batch/202.test.ts"];
const forbidden = ["test/http/submit-batch/403.test.ts"];
const missing = ["test/http/submit-batch/404.test.ts"];
const reused = ["test/http/submit-batch/422.test.ts"];

export const batchFaults: Area = {
  area: "batches",
  faults: [
    {
      name: "batch-and-items-one-by-one",
      breaks: "A batch and its items are recorded in one sql transaction.",
      file: recorder,
      find: 'this.#write(id, "several rows"',
      replace: 'this.#write(id, "one row"',
      caughtBy: log,
    },
    {
      name: "key-of-a-batch-is-used-singly",
      breaks: "The key of a batch is refused to a single operation.",
      file: recorder,
      find: "if (!known) return batches.find(id) ? reused : ",
      replace: "if (!known) return ",
      caughtBy: log,
    },
    {
      name: "key-of-a-transaction-is-used-for-a-batch",
      breaks: "The key of a single operation is refused to a batch.",
      file: recorder,
      find: "      if (store.find(id)) return reused;\n",
      replace: "",
      caughtBy: log,
    },
    {
      name: "another-batch-is-a-replay",
      breaks: "Another batch under a known key is refused.",
      file: recorder,
      find: "if (known) return isSame(known, batch) ? this.#recognise(known, call) : reused;",
      replace: "if (known) return this.#recognise(known, call);",
      caughtBy: reused,
    },
    {
      name: "batch-of-any-count",
      breaks: "The items of a replay are as many as were recorded.",
      file: recorder,
      find: "if (count === items.length && transactions.length === count) {",
      replace: "if (transactions.length === items.length) {",
      caughtBy: log,
    },
    {
      name: "items-of-any-content",
      breaks: "A replay answers the items that it names, and no others.",
      file: recorder,
      find: "isSame(row, items[index])",
      replace: "isSame(row, row)",
      caughtBy: log,
    },
    {
      name: "batch-counts-as-one",
      breaks: "A full shard counts the items of a batch.",
      file: recorder,
      find: "this.#isFullFor(submissions.length)",
      replace: "this.#isFullFor(1)",
      caughtBy: overload,
    },
    {
      name: "nonce-of-a-batch-is-not-recorded",
      breaks: "A batch records the nonce of its request.",
      file: recorder,
      find: "batches.insert({ ...row, ...(nonce !== undefined && { nonce }) });",
      replace: "batches.insert(row);",
      caughtBy: log,
    },
    {
      name: "decisions-one-by-one",
      breaks: "The decisions of a batch share a commit.",
      file: "src/durable-objects/transfer-log/attempt.ts",
      find: 'if (step.call === "hold") await this.#parts.commits.join(this.#row.id);',
      replace: "",
      caughtBy: ["test/durable-objects/transfer-log/shared-decisions.test.ts"],
    },
    {
      name: "items-of-another-shard",
      breaks: "The items of a batch are in its log shard.",
      file: "src/durable-objects/transfer-log/validate.ts",
      find: "logShardOf(item.id) === logShardOf(id)",
      replace: "logShardOf(item.id) >= 0",
      caughtBy: log,
    },
    {
      name: "batches-are-not-looked-up",
      breaks: "A key that a batch has used is told to be used.",
      file: "src/durable-objects/transfer-log/reads.ts",
      find: "(store.find(id) ?? batches.find(id))",
      replace: "store.find(id)",
      caughtBy: log,
    },
    {
      name: "order-of-items-does-not-count",
      breaks: "A batch is told from another one by the order of its items.",
      file: "src/domain/fingerprint.ts",
      find: 'digestTuple([version, "batch", ...items])',
      replace: 'digestTuple([version, "batch", ...items.toSorted()])',
      caughtBy: reused,
    },
    {
      name: "items-share-an-id",
      breaks: "Each item of a batch has an id of its own.",
      file: "src/domain/ids.ts",
      find: '"batches", batchId, index]',
      replace: '"batches", batchId]',
      caughtBy: answered,
    },
    {
      name: "scopes-of-items-are-not-required",
      breaks: "Each item of a batch needs the scope that it needs by itself.",
      file: route,
      find: "if (missing.length === 0) return undefined;",
      replace: "if (missing.length < 9) return undefined;",
      caughtBy: forbidden,
    },
    {
      name: "users-submit-batches",
      breaks: "Batches are for back ends only.",
      file: "src/http/access.ts",
      find: "  forUsers: false,\n",
      replace: "  forUsers: true,\n",
      caughtBy: forbidden,
    },
    {
      name: "impossible-items-are-left-out",
      breaks: "An item that can be no transaction refuses the whole batch.",
      file: route,
      find: "forbid(c, lacking) ?? (await refuse(c, problems)) ?? submitBatch(c, sent)",
      replace: "forbid(c, lacking) ?? submitBatch(c, sent)",
      caughtBy: missing,
    },
    {
      name: "place-of-an-item-is-not-told",
      breaks: "The refusal of a batch names the items that it is about.",
      file: route,
      find: "{ path: `items.${index}`, message }",
      replace: "{ path: `items`, message, ...(index < 0 && { index }) }",
      caughtBy: missing,
    },
    {
      name: "pending-batch-is-200",
      breaks: "A batch with a pending item is answered 202.",
      file: submission,
      find: "return c.json({ items }, isPending ? 202 : 200);",
      replace: "return c.json({ items }, 200);",
      caughtBy: pending,
    },
    {
      name: "replayed-batch-is-not-told",
      breaks: "The answer to a batch that was recorded before says so.",
      file: submission,
      find: '  if (result.replayed) c.header("Idempotent-Replayed", "true");\n  const isPending',
      replace: "  const isPending",
      caughtBy: answered,
    },
    {
      name: "batch-of-an-ordinary-length",
      breaks: "The body of a batch may have 1 MiB.",
      file: route,
      find: "strictBody(BatchInput, batchBytesMax)",
      replace: "strictBody(BatchInput, batchBytesMax / 16)",
      caughtBy: answered,
    },
    {
      name: "transaction-under-the-key-of-a-batch",
      breaks: "The tables keep a key for one use: a batch's is no transaction's.",
      file: migration,
      find: "WHEN EXISTS (SELECT 1 FROM batches WHERE id = NEW.id)",
      replace: "WHEN EXISTS (SELECT 1 FROM batches WHERE id = NEW.id AND 0)",
      caughtBy: log,
    },
    {
      name: "batch-under-the-key-of-a-transaction",
      breaks: "The tables keep a key for one use: a transaction's is no batch's.",
      file: migration,
      find: "WHEN EXISTS (SELECT 1 FROM transactions WHERE open IN (0, 1, 2) AND id = NEW.id)",
      replace: "WHEN EXISTS (SELECT 1 FROM transactions WHERE open IN (3) AND id = NEW.id)",
      caughtBy: log,
    },
  ],
};
