// Guarantee: before an account refuses because of a leg that it still holds, it asks what became of
// that one. A lost release refuses no transfer, a lost post can be spent, and without an answer
// from the log a hold is neither let go nor counted as decided.
import { describe, expect, it } from "vitest";
import { userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { amountMax, openLegsMax } from "../../../src/domain/limits.ts";
import type { SagaState } from "../../../src/domain/protocol/saga.ts";
import type { SentRequest } from "../../../src/domain/operations/all.ts";
import { tenant } from "../../support/caller.ts";
import { keyInShard, newKey, referenceSharedWith } from "../../support/keys.ts";
import { funding, submission, transfer } from "../../support/ledger.ts";
import { logObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";
import { recordedLeg, sidesOf } from "../../support/legs.ts";
import { recordInOneShard, recordTransaction } from "../../support/log-rows.ts";
import { contentsOf, hideTable, runSql } from "../../support/objects.ts";

const elsewhere = () => walletIdOfUser(userIdFor(tenant, newKey()));
const yes = { vote: "yes" };

/** Both sides held, and in the log the given state; `unknown`: the log never heard of it. */
async function held(sent: SentRequest, state: SagaState | "unknown") {
  const submitted = submission(sent);
  const sides = sidesOf(submitted);
  for (const side of sides) await side.hold();
  const refusal = { code: "transaction_expired" } as const;
  if (state !== "unknown") {
    await recordTransaction(submitted, { state, ...(state === "rejected" && { refusal }) });
  }
  return { id: submitted.id, submitted, sides };
}

describe("a held debit", () => {
  it("whose transaction was rejected, the release lost, does not cause insufficient_funds", async () => {
    const sender = await fundedWallet(100);
    const { id } = await held(transfer(sender, elsewhere(), 100), "rejected");
    const [next] = sidesOf(submission(transfer(sender, elsewhere(), 100)));
    expect(await next.hold()).toMatchObject(yes);
    expect(await recordedLeg(next.object, id)).toMatchObject({ state: "void", entries: 0 });
  });

  it("whose transaction was committed, the post lost, is spent: posted, then refused", async () => {
    const sender = await fundedWallet(100);
    const { id } = await held(transfer(sender, elsewhere(), 60), "committed");
    const [next] = sidesOf(submission(transfer(sender, elsewhere(), 60)));
    const refusal = { code: "insufficient_funds", account: sender };
    expect(await next.hold()).toEqual({ vote: "no", refusal });
    expect(await recordedLeg(next.object, id)).toMatchObject({ state: "posted", entries: 1 });
  });

  it("that is undecided counts as spent, and stays held", async () => {
    const sender = await fundedWallet(100);
    const { id } = await held(transfer(sender, elsewhere(), 60), "preparing");
    const [next] = sidesOf(submission(transfer(sender, elsewhere(), 41)));
    expect(await next.hold()).toMatchObject({ refusal: { code: "insufficient_funds" } });
    expect(await recordedLeg(next.object, id)).toMatchObject({ state: "held" });
    const [affordable] = sidesOf(submission(transfer(sender, elsewhere(), 40)));
    expect(await affordable.hold()).toMatchObject(yes);
  });
});

describe("several held debits", () => {
  it("are asked about in the log of each", async () => {
    const sender = await fundedWallet(100);
    const refusal = { code: "transaction_expired" } as const;
    for (const shard of [70, 71]) {
      const submitted = submission(transfer(sender, elsewhere(), 50), keyInShard(shard));
      await sidesOf(submitted)[0].hold();
      await recordTransaction(submitted, { state: "rejected", refusal });
    }
    const [next] = sidesOf(submission(transfer(sender, elsewhere(), 100)));
    expect(await next.hold()).toMatchObject(yes);
  });
});

describe("a held credit", () => {
  it("that is committed already, the post lost, is spendable by the next hold", async () => {
    const receiver = await openWallet();
    const { id } = await held(funding(receiver, 80), "committed");
    const [debit] = sidesOf(submission(transfer(receiver, elsewhere(), 80)));
    expect(await debit.hold()).toMatchObject(yes);
    expect(await recordedLeg(debit.object, id)).toMatchObject({ state: "posted", entries: 1 });
  });

  it("that is learned of has the same entry as one that was posted", async () => {
    const [first, second] = await Promise.all([openWallet(), openWallet()]);
    const details = { description: "salary", metadata: { b: "2", a: "1" } };
    const learned = await held({ ...funding(first, 80), ...details }, "committed");
    await sidesOf(submission(transfer(first, elsewhere(), 80)))[0].hold();
    const posted = await held({ ...funding(second, 80), ...details }, "committed");
    await posted.sides[1].post();
    const shown = `SELECT sequence, type, direction, amount, currency, counterparty, provider,
                     description, metadata FROM entries`;
    const [entry] = await runSql(learned.sides[1].object, shown);
    expect(entry).toMatchObject({ description: "salary", amount: 80 });
    expect(await runSql(posted.sides[1].object, shown)).toEqual([entry]);
  });

  it("that was rejected gives its headroom back; an undecided one keeps it", async () => {
    const wallet = await openWallet();
    await held(funding(wallet, amountMax - 10), "rejected");
    const [, next] = sidesOf(submission(funding(wallet, 11)));
    expect(await next.hold()).toMatchObject(yes);
    const other = await openWallet();
    await held(funding(other, amountMax - 10), "preparing");
    const [, refused] = sidesOf(submission(funding(other, 11)));
    expect(await refused.hold()).toMatchObject({ refusal: { code: "balance_limit_exceeded" } });
    const [, fitting] = sidesOf(submission(funding(other, 10)));
    expect(await fitting.hold()).toMatchObject(yes);
  });

  it("cannot be spent while it is undecided", async () => {
    const receiver = await openWallet();
    const { id } = await held(funding(receiver, 80), "preparing");
    const [debit] = sidesOf(submission(transfer(receiver, elsewhere(), 1)));
    expect(await debit.hold()).toMatchObject({ refusal: { code: "insufficient_funds" } });
    expect(await recordedLeg(debit.object, id)).toMatchObject({ state: "held" });
  });
});

describe("a claim on a payment reference", () => {
  it("whose transaction was rejected, the release lost, does not block the next", async () => {
    const [wallet, reference] = [await openWallet(), newKey()];
    const { id } = await held(funding(wallet, 5, reference), "rejected");
    const [next] = sidesOf(submission(funding(wallet, 5, reference)));
    expect(await next.hold()).toMatchObject(yes);
    expect(await recordedLeg(next.object, id)).toMatchObject({ state: "void" });
  });

  it("is asked about where another provider's is the first of the shard", async () => {
    const [wallet, reference] = [await openWallet(), referenceSharedWith("bank")];
    const ofAnother = { ...funding(wallet, 5, reference), provider: "bank" };
    await held(ofAnother, "preparing");
    const { id } = await held(funding(wallet, 5, reference), "rejected");
    const [next] = sidesOf(submission(funding(wallet, 5, reference)));
    expect(await next.hold()).toMatchObject(yes);
    expect(await recordedLeg(next.object, id)).toMatchObject({ state: "void" });
  });

  it("whose transaction was committed, the post lost, refuses the next and names it", async () => {
    const [wallet, reference] = [await openWallet(), newKey()];
    const { id } = await held(funding(wallet, 5, reference), "committed");
    const [next] = sidesOf(submission(funding(wallet, 5, reference)));
    const refusal = { code: "duplicate_payment_reference", transactionId: id };
    expect(await next.hold()).toEqual({ vote: "no", refusal });
    expect(await recordedLeg(next.object, id)).toMatchObject({ state: "posted" });
  });

  it("that is undecided is BUSY, and the asking leaves no trace", async () => {
    const [wallet, reference] = [await openWallet(), newKey()];
    await held(funding(wallet, 5, reference), "preparing");
    const [next] = sidesOf(submission(funding(wallet, 5, reference)));
    const before = await contentsOf(next.object);
    expect(await next.hold()).toEqual({ vote: "busy", reason: "claim_undecided" });
    expect(await contentsOf(next.object)).toBe(before);
  });
});

describe("without an answer from the log", () => {
  it("a hold that its log does not know stays held: a fault is never read as a rejection", async () => {
    const sender = await fundedWallet(100);
    const { id } = await held(transfer(sender, elsewhere(), 100), "unknown");
    const [next] = sidesOf(submission(transfer(sender, elsewhere(), 1)));
    const before = await contentsOf(next.object);
    expect(await next.hold()).toEqual({ vote: "busy", reason: "ask_failed" });
    expect(await recordedLeg(next.object, id)).toMatchObject({ state: "held" });
    expect(await contentsOf(next.object)).toBe(before);
  });

  it("a hold of another fingerprint than the log's stays held", async () => {
    const sender = await fundedWallet(100);
    const key = newKey();
    const [debit] = sidesOf(submission(transfer(sender, elsewhere(), 100), key));
    await debit.hold();
    const recorded = submission(transfer(sender, elsewhere(), 100), key);
    const refusal = { code: "transaction_expired" } as const;
    await recordTransaction(recorded, { state: "rejected", refusal });
    const [next] = sidesOf(submission(transfer(sender, elsewhere(), 1)));
    expect(await next.hold()).toEqual({ vote: "busy", reason: "ask_failed" });
    expect(await recordedLeg(debit.object, recorded.id)).toMatchObject({ state: "held" });
  });

  it("a refusal waits until the log can be asked again", async () => {
    const sender = await fundedWallet(100);
    const { id, submitted } = await held(transfer(sender, elsewhere(), 100), "rejected");
    const repair = await hideTable(logObject(submitted.id), "transactions");
    const [next] = sidesOf(submission(transfer(sender, elsewhere(), 100)));
    expect(await next.hold()).toEqual({ vote: "busy", reason: "ask_failed" });
    expect(await recordedLeg(next.object, id)).toMatchObject({ state: "held" });
    await repair();
    expect(await next.hold()).toMatchObject(yes);
  });
});

describe("an account with 256 open legs", { timeout: 30_000 }, () => {
  it("is BUSY while they are undecided, and goes on as soon as one is decided", async () => {
    const sender = await fundedWallet(1_000);
    const open = Array.from({ length: openLegsMax }, () =>
      submission(transfer(sender, elsewhere(), 1), keyInShard(7)),
    );
    for (const one of open) expect(await sidesOf(one)[0].hold()).toMatchObject(yes);
    await recordInOneShard(open);
    const [next] = sidesOf(submission(transfer(sender, elsewhere(), 1)));
    expect(await next.hold()).toEqual({ vote: "busy", reason: "open_legs" });
    expect(await recordedLeg(next.object, next.call.posting.transactionId)).toMatchObject({
      state: "none",
    });
    const decided = open[100]?.id ?? "";
    await runSql(
      logObject(decided),
      `UPDATE transactions SET state = 'committed', decided_at = created_at
       WHERE open = 1 AND id = ?`,
      decided,
    );
    expect(await next.hold()).toMatchObject(yes);
    expect(await recordedLeg(next.object, decided)).toMatchObject({ state: "posted" });
  });
});
