// Guarantee: a key is used up to its capacity and never beyond. Of what a transaction has put into
// an account, others take no more than that in all, however many ask, and whatever they say.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { walletStub } from "../../../src/durable-objects/rpc/stubs.ts";
import { originKey } from "../../../src/domain/operations/operation.ts";
import type { LegRecords } from "../../../src/durable-objects/account/audit-contract.ts";
import type { Posting } from "../../../src/domain/protocol/transaction.ts";
import type { Vote } from "../../../src/domain/protocol/vote.ts";
import { attacksThatPass } from "../../support/attacks.ts";
import { call, tenant } from "../../support/caller.ts";
import { runSql } from "../../support/objects.ts";
import { endOf, inWallet, line, posting, reserving, settle } from "../../support/postings.ts";
import {
  committed,
  onAccountStage,
  rejected,
  undecided,
  type StagedAccount,
} from "../../support/staged-account.ts";
import { eventsHappen } from "../../support/staged-log.ts";
import { walletObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";

const yes = { vote: "yes" };
const code = "insufficient_funds";

/** A wallet in which a transaction has reserved 40. */
async function withReserved() {
  const wallet = await fundedWallet(100);
  const origin = await settle(inWallet(wallet, posting(reserving(40))));
  const end = (amount: number, more: Partial<Posting> = {}) =>
    inWallet(wallet, { ...endOf(origin, amount), ...more });
  return { wallet, origin, end, object: walletObject(wallet) };
}

const claimsIn = (object: DurableObjectStub) =>
  runSql(object, "SELECT transaction_id AS id, amount FROM claims ORDER BY amount");

describe("what an origin has put into an account", () => {
  it("is taken by several, up to all of it, and then refused, naming the first", async () => {
    const { end } = await withReserved();
    const first = await settle(end(15));
    await settle(end(15));
    await settle(end(10));
    const refusal = { code, transactionId: first.transactionId };
    expect(await end(1).hold()).toEqual({ vote: "no", refusal });
  });

  it("is no more than was posted, whatever the claim says", async () => {
    const { wallet, end } = await withReserved();
    expect(await end(41).hold()).toEqual({ vote: "no", refusal: { code, account: wallet } });
    expect(await end(40).hold()).toMatchObject(yes);
  });

  it("is not what another transaction has put there", async () => {
    const { wallet, origin, end } = await withReserved();
    const other = await settle(inWallet(wallet, posting(reserving(30))));
    const claims = [{ key: `origin:${other.transactionId}`, amount: 1, refusal: code }] as const;
    const refusal = { code, account: wallet };
    expect(await end(1, { claims }).hold()).toEqual({ vote: "no", refusal });
    const { origin: _, ...without } = endOf(origin, 1);
    expect(await inWallet(wallet, without).hold()).toEqual({ vote: "no", refusal });
  });

  it("counts the credits of the first currency, in whatever bucket, and no debit", async () => {
    const wallet = await fundedWallet(100);
    const lines = [line("debit", 60), line("credit", 40, { bucket: "reserved" })];
    const euros = line("credit", 5, { currency: "EUR" });
    const origin = await settle(inWallet(wallet, posting([...lines, euros])));
    expect(await inWallet(wallet, endOf(origin, 41)).hold()).toMatchObject({ vote: "no" });
    expect(await inWallet(wallet, endOf(origin, 40)).hold()).toMatchObject(yes);
  });
});

describe("a read of the claims of a key", () => {
  it("tells the posted ones in order and those that are held, and none of another key", async () => {
    const { wallet, origin, end } = await withReserved();
    const other = await settle(inWallet(wallet, posting(reserving(5))));
    const read = (transactionId: string) =>
      walletStub(env, tenant, wallet).readClaims({
        ...call,
        account: wallet,
        key: originKey(transactionId),
      });
    expect(await read(origin.transactionId)).toEqual({ posted: [], held: [] });
    const [first, second] = [await settle(end(15)), await settle(end(10))];
    const held = end(1);
    await held.hold();
    await settle(inWallet(wallet, endOf(other, 5)));
    expect(await read(origin.transactionId)).toMatchObject({
      posted: [
        { transactionId: first.transactionId, amount: 15 },
        { transactionId: second.transactionId, amount: 10 },
      ],
      held: [{ transactionId: held.call.posting.transactionId, amount: 1 }],
    });
  });
});

describe("a claim", () => {
  it("is there with its hold, stays with its post, and goes only with its void", async () => {
    const { end, object } = await withReserved();
    const [posted, gone] = [end(10), end(20)];
    await posted.hold();
    await gone.hold();
    const [first, second] = [
      { id: posted.call.posting.transactionId, amount: 10 },
      { id: gone.call.posting.transactionId, amount: 20 },
    ];
    expect(await claimsIn(object)).toEqual([first, second]);
    await posted.post();
    await gone.release();
    expect(await claimsIn(object)).toEqual([first]);
    expect(await end(30).hold()).toMatchObject(yes);
  });

  it("of a refused leg was never there", async () => {
    const { end, object } = await withReserved();
    await end(41).hold();
    expect(await claimsIn(object)).toEqual([]);
  });

  it("cannot be edited, taken over or made without a held leg", async () => {
    const { end, object } = await withReserved();
    const posted = await settle(end(10));
    const open = end(20);
    await open.hold();
    const { transactionId } = open.call.posting;
    const one = "INSERT INTO claims (key, transaction_id, amount) VALUES";
    await runSql(object, `${one} ('payment:bank:1', '${transactionId}', 1)`);
    const attacks = [
      "UPDATE claims SET amount = 1",
      "UPDATE OR REPLACE claims SET transaction_id = 'txn_OTHER'",
      "DELETE FROM claims",
      `DELETE FROM claims WHERE transaction_id = '${transactionId}'`,
      `DELETE FROM claims WHERE transaction_id = '${posted.transactionId}'`,
      `INSERT OR REPLACE INTO claims SELECT key, transaction_id, 1 FROM claims WHERE amount = 20`,
      `INSERT OR IGNORE INTO claims SELECT key, transaction_id, 1 FROM claims WHERE amount = 20`,
      `REPLACE INTO claims SELECT key, transaction_id, amount FROM claims WHERE amount = 20`,
      `${one} ('payment:bank:1', '${transactionId}', 1)`,
      `${one} ('payment:bank:2', '${posted.transactionId}', 1)`,
      `${one} ('payment:bank:2', 'txn_UNHEARD_OF', 1)`,
    ];
    const refused = /claims are immutable|only the claim of a void|a held leg claims/;
    expect(await attacksThatPass(object, attacks, refused)).toEqual([]);
    const other = end(1);
    await other.hold();
    const second = `${one} ('payment:bank:1', '${other.call.posting.transactionId}', 1)`;
    expect(await attacksThatPass(object, [second], refused)).toEqual([]);
  });
});

/** The vote of a hold once the test has answered the questions that it caused. */
async function voteAfter(
  stage: StagedAccount,
  side: ReturnType<typeof inWallet>,
  ...answers: readonly Parameters<ReturnType<StagedAccount["logs"]["at"]>["answer"]>[0][]
): Promise<Vote> {
  stage.clock.pass(1_000);
  const before = stage.logs.asks.length;
  const vote = stage.account.hold(side.call);
  for (const [index, answer] of answers.entries()) {
    await eventsHappen();
    stage.logs.at(before + index).answer(answer);
  }
  const cast = await vote;
  expect(stage.logs.asks).toHaveLength(before + answers.length);
  return cast;
}

describe("a claim that others hold", () => {
  it("is BUSY after asking their logs alone, and refused only when one of them is posted", async () => {
    const { wallet, end, object } = await withReserved();
    const [held, unrelated] = [end(30), inWallet(wallet, posting([line("credit", 1)]))];
    await held.hold();
    await unrelated.hold();
    await onAccountStage(object, "wallet", async (stage) => {
      const busy = { vote: "busy", reason: "claim_undecided" };
      const second = end(11);
      expect(await voteAfter(stage, second, undecided)).toEqual(busy);
      const { transactionId } = held.call.posting;
      expect(stage.logs.at(0).transactionIds).toEqual([transactionId]);
      const refusal = { code, transactionId };
      expect(await voteAfter(stage, second, committed(held.call))).toEqual({ vote: "no", refusal });
      expect(await voteAfter(stage, end(10))).toMatchObject(yes);
    });
  });

  it("is given to the next when its log says that it was rejected", async () => {
    const { end, object } = await withReserved();
    const held = end(30);
    await held.hold();
    await onAccountStage(object, "wallet", async (stage) => {
      expect(await voteAfter(stage, end(40), rejected(held.call))).toMatchObject(yes);
    });
  });
});

describe("an origin", () => {
  async function withHeld() {
    const wallet = await fundedWallet(100);
    const origin = inWallet(wallet, posting(reserving(40)));
    const end = inWallet(wallet, endOf(origin.call.posting, 40));
    return { origin, end, object: walletObject(wallet) };
  }
  const waiting = { vote: "busy", reason: "origin_undecided" };

  it.each<[string, (of: Posting) => LegRecords | undefined]>([
    ["its log does not know", () => [null]],
    ["is undecided", (of) => [{ state: "preparing", settled: false, posting: of }]],
    ["is committed", (of) => [{ state: "committed", settled: false, posting: of }]],
    ["its log tells nothing of", () => undefined],
  ])("that was not heard of and %s is waited for, and nothing written", async (_what, known) => {
    const { origin, end, object } = await withHeld();
    await onAccountStage(object, "wallet", async (stage) => {
      stage.logs.records = known(origin.call.posting);
      expect(await voteAfter(stage, end)).toEqual(waiting);
    });
    expect(await claimsIn(object)).toEqual([]);
    expect(await runSql(object, "SELECT 1 FROM legs WHERE open = 0 AND sequence IS NULL")).toEqual(
      [],
    );
  });

  it("that was not heard of and rejected is void from then on, also for itself", async () => {
    const { origin, end, object } = await withHeld();
    const of = origin.call.posting;
    const { transactionId } = of;
    const refusal = { code: "transaction_expired", transactionId };
    await onAccountStage(object, "wallet", async (stage) => {
      stage.logs.records = [{ state: "rejected", settled: true, posting: of }];
      expect(await voteAfter(stage, end)).toEqual({ vote: "no", refusal });
    });
    expect(await origin.hold()).toMatchObject({ vote: "no" });
    expect(await claimsIn(object)).toEqual([]);
  });

  it("that is held is asked about and waited for", async () => {
    const { origin, end, object } = await withHeld();
    await origin.hold();
    await onAccountStage(object, "wallet", async (stage) => {
      expect(await voteAfter(stage, end, undecided)).toEqual(waiting);
      expect(stage.logs.at(0).transactionIds).toEqual([origin.call.posting.transactionId]);
    });
  });

  it("that is committed already is posted first, and then followed", async () => {
    const { origin, end, object } = await withHeld();
    await origin.hold();
    await onAccountStage(object, "wallet", async (stage) => {
      expect(await voteAfter(stage, end, committed(origin.call))).toMatchObject(yes);
    });
    const kept = "SELECT transaction_id AS id FROM entries WHERE bucket = 'reserved'";
    expect(await runSql(object, kept)).toEqual([{ id: origin.call.posting.transactionId }]);
  });

  it("that was rejected or is void refuses what would end it", async () => {
    const { origin, end, object } = await withHeld();
    const { transactionId } = origin.call.posting;
    const no = { vote: "no", refusal: { code: "transaction_expired", transactionId } };
    await origin.hold();
    await onAccountStage(object, "wallet", async (stage) => {
      expect(await voteAfter(stage, end, rejected(origin.call))).toEqual(no);
    });
    const later = inWallet(await openWallet(), posting([line("debit", 1)]));
    await later.release();
    const { transactionId: voided } = later.call.posting;
    const next = inWallet(later.call.account, endOf(later.call.posting, 1));
    const refusal = { code: "transaction_expired", transactionId: voided };
    expect(await next.hold()).toEqual({ vote: "no", refusal });
  });

  it("is shown by the entries of what ended it", async () => {
    const { origin, end, object } = await withReserved();
    await settle(end(40));
    const shown = "SELECT origin FROM entries ORDER BY sequence DESC LIMIT 1";
    expect(await runSql(object, shown)).toEqual([{ origin: origin.transactionId }]);
  });
});
