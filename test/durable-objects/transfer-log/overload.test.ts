// Guarantee: a log shard takes no new transaction while it drives as many as it can, and what it
// refuses leaves no trace: the same key is as good as new once there is room.
import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { transactionsInProgressMax } from "../../../src/domain/limits.ts";
import { transferLogMigrations } from "../../../src/durable-objects/rpc/migrations.ts";
import { TransferLogCore } from "../../../src/durable-objects/transfer-log/core.ts";
import type { AccountApi, ClaimsApi } from "../../../src/durable-objects/account/contract.ts";
import type { LegsApi } from "../../../src/durable-objects/transfer-log/scrub-contract.ts";
import type { Batch } from "../../../src/domain/protocol/batch.ts";
import type { Clock } from "../../../src/platform/clock.ts";
import type { ObjectStorage } from "../../../src/platform/storage.ts";
import { batchUnder, outcomesOf } from "../../support/batches.ts";
import { call } from "../../support/caller.ts";
import { keyInShard, newKey } from "../../support/keys.ts";
import { funding, submission } from "../../support/ledger.ts";
import { logObject } from "../../support/stubs.ts";
import { openWallet } from "../../support/wallets.ts";

const shard = 77;

/** Time stands still: nothing is decided but by the accounts' answers, and no alarm comes. */
const startedAt = Date.now();
const clock: Clock = { now: () => startedAt, after: () => () => {} };

interface Full {
  readonly log: TransferLogCore;
  readonly storage: ObjectStorage;
  /** The accounts vote from now on. */
  readonly answer: () => void;
}

/** A log in the object of the shard, whose accounts do not vote yet. */
function inFullShard(id: string, test: (full: Full) => Promise<void>): Promise<void> {
  return runInDurableObject(logObject(id), async (_instance, { storage }) => {
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const account: AccountApi & ClaimsApi & LegsApi = {
      hold: () => answered.then(() => ({ vote: "yes" })),
      post: async () => ({ acknowledged: true }),
      release: async () => ({ acknowledged: true }),
      readClaims: async () => ({ posted: [], held: [] }),
      readLegs: async () => ({ ok: true, legs: [] }),
    };
    const log = new TransferLogCore({
      storage,
      clock,
      random: () => 0.5,
      accounts: () => account,
      log: () => {},
      migrations: transferLogMigrations,
    });
    await test({ log, storage, answer });
    // The object itself knows nothing of these accounts, and shall not drive what is open.
    await storage.deleteAlarm();
  });
}

it("a full log shard refuses what is new, records nothing of it, and finishes what it knows", async () => {
  const wallet = await openWallet();
  const next = () => submission(funding(wallet, 1, newKey()), keyInShard(shard));
  const first = next();
  await inFullShard(first.id, async ({ log, storage, answer }) => {
    const submit = (submitted: ReturnType<typeof next>) =>
      log.submit({ ...call, principal: "test", submission: submitted });
    const running = [first, ...Array.from({ length: transactionsInProgressMax - 1 }, next)];
    const answers = running.map(submit);
    await storage.sync();

    const refused = next();
    expect(await submit(refused)).toEqual({ outcome: "refused", problem: "overloaded" });
    const asked = { ...call, transactionId: refused.id };
    expect(log.reads.find(asked)).toEqual({ ok: false, problem: "not_found" });

    const repeated = submit(first);
    answer();
    for (const one of await Promise.all(answers)) expect(one.outcome).toBe("settled");
    expect(await repeated).toMatchObject({ outcome: "settled", replayed: true });
    expect(await submit(refused)).toMatchObject({ outcome: "settled", replayed: false });
  });
});

it("a batch counts as all of its items, and is admitted as a whole or not at all", async () => {
  const wallet = await openWallet();
  const next = (count: number) =>
    batchUnder(
      keyInShard(shard + 1),
      ...Array.from({ length: count }, () => funding(wallet, 1, newKey())),
    );
  const [first, second, tooMany] = [next(100), next(100), next(57)];
  const [asMany, oneMore] = [next(56), next(1)];
  await inFullShard(first.id, async ({ log, storage, answer }) => {
    const submit = (batch: Batch) => log.submitBatch({ ...call, principal: "test", batch });
    const answers = [submit(first), submit(second)];
    await storage.sync();
    const refused = { outcome: "refused", problem: "overloaded" };
    expect(await submit(tooMany)).toEqual(refused);
    for (const { id } of [tooMany, ...tooMany.items]) {
      expect(log.reads.isUsed({ ...call, transactionId: id })).toBe(false);
    }
    answers.push(submit(asMany));
    await storage.sync();
    expect(await submit(oneMore)).toEqual(refused);

    answers.push(submit(second));
    answer();
    for (const one of await Promise.all(answers)) {
      expect(new Set(outcomesOf(one))).toEqual(new Set(["committed"]));
    }
    expect(outcomesOf(await submit(tooMany)).length).toBe(57);
  });
});
