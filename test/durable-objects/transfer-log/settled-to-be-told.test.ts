// Guarantee: a settled transaction that has still to be told to others is as settled as any: it is
// found, answered, scrubbed and cleaned, and neither listed as unsettled nor due.
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { rejectedDetailsMaxMs } from "../../../src/domain/limits.ts";
import type { SagaState } from "../../../src/domain/protocol/saga.ts";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import { logStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { call } from "../../support/caller.ts";
import { useFakeDate } from "../../support/fake-date.ts";
import { keyInShard } from "../../support/keys.ts";
import { outcomeOf, submission, submit, transfer } from "../../support/ledger.ts";
import { recordTransaction } from "../../support/log-rows.ts";
import { alarmOf, runSql } from "../../support/objects.ts";
import { findingsOf } from "../../support/scrubbing.ts";
import { logObject } from "../../support/stubs.ts";
import { openWallet } from "../../support/wallets.ts";

useFakeDate();

/** A transaction that its accounts know nothing of: a call to one of them would be noticed. */
async function settledToBeTold(shard: number, state: SagaState): Promise<Submission> {
  const [from, to] = await Promise.all([openWallet(), openWallet()]);
  const sent = { ...transfer(from, to, 5), description: "rent" };
  const submitted = submission(sent, keyInShard(shard));
  const refusal = { code: "insufficient_funds", account: from } as const;
  await recordTransaction(submitted, { state, ...(state === "rejected" && { refusal }) });
  await runSql(
    logObject(submitted.id),
    "UPDATE transactions SET open = 2, settled_at = ? WHERE id = ?",
    Date.now(),
    submitted.id,
  );
  return submitted;
}

const openOf = async ({ id }: Submission) =>
  (await runSql(logObject(id), "SELECT open FROM transactions WHERE id = ?", id))[0]?.["open"];

describe("a settled transaction that has still to be told to others", () => {
  it("is answered to clients as it was decided, and to no other request", async () => {
    const committed = await settledToBeTold(150, "committed");
    const rejected = await settledToBeTold(150, "rejected");
    expect(await submit(committed)).toMatchObject({ outcome: "settled", replayed: true });
    expect(outcomeOf(await submit(committed))).toBe("committed");
    expect(outcomeOf(await submit(rejected))).toBe("insufficient_funds");
    const other = { ...committed, fingerprint: "fp1:other" };
    expect(outcomeOf(await submit(other))).toBe("idempotency_key_reused");
    const found = await logStub(env, 150).find({ ...call, transactionId: committed.id });
    expect(found).toMatchObject({ ok: true, transaction: { settledAt: expect.any(Number) } });
    expect(await openOf(committed)).toBe(2);
  });

  it("is told to accounts that ask and to audits", async () => {
    const committed = await settledToBeTold(151, "committed");
    const { id: transactionId, fingerprint, request } = committed;
    if (request.type !== "transfer") throw new Error("no transfer");
    const about = { ...call, account: request.fromWalletId };
    const log = logStub(env, 151);
    const asked = await log.ask({ ...about, questions: [{ transactionId, fingerprint }] });
    expect(asked).toMatchObject({ ok: true, answers: [{ decision: "commit" }] });
    const records = await log.legRecords({ ...about, transactionIds: [transactionId] });
    expect(records).toMatchObject([{ state: "committed", settled: true }]);
  });

  it("is neither listed as unsettled nor due", async () => {
    const committed = await settledToBeTold(152, "committed");
    vi.setSystemTime(Date.now() + 60_000);
    const unsettled = { ...call, createdUntil: Date.now() };
    expect(await logStub(env, 152).unsettled(unsettled)).toEqual([]);
    const log = logObject(committed.id);
    await runDurableObjectAlarm(log);
    const [scrub] = await runSql(log, "SELECT next_at FROM scrub");
    expect(await alarmOf(log)).toBe(scrub?.["next_at"]);
    expect(await openOf(committed)).toBe(2);
  });

  it("is scrubbed: what its accounts lack is found", async () => {
    const { request } = await settledToBeTold(153, "committed");
    if (request.type !== "transfer") throw new Error("no transfer");
    const missing = [request.fromWalletId, request.toWalletId].map((id) => `missing_leg ${id}`);
    expect(await findingsOf(153)).toEqual(missing.toSorted());
  });

  it("loses its details after 30 days, where it was rejected", async () => {
    const rejected = await settledToBeTold(154, "rejected");
    vi.setSystemTime(Date.now() + rejectedDetailsMaxMs);
    const log = logObject(rejected.id);
    await submit(rejected);
    await runDurableObjectAlarm(log);
    const rows = await runSql(log, "SELECT open, details FROM transactions");
    expect(rows).toEqual([{ open: 2, details: null }]);
  });
});
