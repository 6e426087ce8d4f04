// Guarantee: holds that are contested at the same time share the round of asks that is under way,
// and yet none is refused because of what was asked before it came.
import { describe, expect, it } from "vitest";
import type { Vote } from "../../../src/domain/protocol/vote.ts";
import { newKey } from "../../support/keys.ts";
import { funding, submission, transfer } from "../../support/ledger.ts";
import { externalObject, walletObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";
import { sidesOf } from "../../support/legs.ts";
import {
  committed,
  onAccountStage,
  rejected,
  undecided,
  type StagedAccount,
} from "../../support/staged-account.ts";
import { eventsHappen } from "../../support/staged-log.ts";

const yes: Vote = { vote: "yes" };

/** A wallet of 10 with a debit of 10 that is held, and further debits that do not fit therefore. */
async function contestedWallet() {
  const [sender, receiver] = [await fundedWallet(10), await openWallet()];
  const debit = (amount: number) => sidesOf(submission(transfer(sender, receiver, amount)))[0].call;
  const held = debit(10);
  const no: Vote = { vote: "no", refusal: { code: "insufficient_funds", account: sender } };
  const play = (act: (stage: StagedAccount) => Promise<void>) =>
    onAccountStage(walletObject(sender), "wallet", async (stage) => {
      expect(await stage.account.hold(held)).toMatchObject(yes);
      await act(stage);
    });
  return { debit, held, no, play };
}

/** Holds that come one after the other, none so close to the one before that it waits for it. */
async function holdApart(
  { account, clock }: StagedAccount,
  call: Parameters<typeof account.hold>[0],
) {
  clock.pass(1_000);
  const vote = account.hold(call);
  await eventsHappen();
  return [vote] as const;
}

describe("a hold that is contested", () => {
  it("asks about what is in its way, once, and is refused while that is undecided", async () => {
    const { debit, held, no, play } = await contestedWallet();
    await play(async (stage) => {
      const [vote] = await holdApart(stage, debit(1));
      expect(stage.logs.at(0).transactionIds).toEqual([held.posting.transactionId]);
      stage.logs.at(0).answer(undecided);
      expect(await vote).toEqual(no);
      expect(stage.logs.asks).toHaveLength(1);
    });
  });

  it("shares the round under way, and one more for all who came during it", async () => {
    const { debit, no, play } = await contestedWallet();
    await play(async (stage) => {
      const [first] = await holdApart(stage, debit(1));
      const later = [];
      for (let count = 1; count <= 20; count++) later.push(...(await holdApart(stage, debit(1))));
      expect(stage.logs.asks).toHaveLength(1);
      stage.logs.at(0).answer(undecided);
      expect(await first).toEqual(no);
      await eventsHappen();
      expect(stage.logs.asks).toHaveLength(2);
      stage.logs.at(1).answer(undecided);
      expect(await Promise.all(later)).toEqual(later.map(() => no));
      expect(stage.logs.asks).toHaveLength(2);
    });
  });

  it("is not refused by an answer that is older than it: decided meanwhile, it is admitted", async () => {
    const { debit, held, no, play } = await contestedWallet();
    await play(async (stage) => {
      const [first] = await holdApart(stage, debit(1));
      const [second] = await holdApart(stage, debit(10));
      stage.logs.at(0).answer(undecided);
      expect(await first).toEqual(no);
      await eventsHappen();
      stage.logs.at(1).answer(rejected(held));
      expect(await second).toMatchObject(yes);
    });
  });

  it("is admitted without asking by what the shared round has learned", async () => {
    const { debit, held, no, play } = await contestedWallet();
    await play(async (stage) => {
      const [first] = await holdApart(stage, debit(6));
      const [second] = await holdApart(stage, debit(4));
      const [third] = await holdApart(stage, debit(5));
      stage.logs.at(0).answer(rejected(held));
      expect([await first, await second]).toMatchObject([yes, yes]);
      // What is in the way of the third are the first two: they came before it was refused.
      await eventsHappen();
      expect(stage.logs.asks.length).toBeGreaterThan(1);
      for (const ask of stage.logs.asks.slice(1)) ask.answer(undecided);
      expect(await third).toEqual(no);
    });
  });

  it("is refused at once when nothing is in its way any more", async () => {
    const { debit, held, no, play } = await contestedWallet();
    await play(async (stage) => {
      const [first] = await holdApart(stage, debit(1));
      const [second] = await holdApart(stage, debit(1));
      stage.logs.at(0).answer(committed(held));
      expect([await first, await second]).toEqual([no, no]);
      expect(stage.logs.asks).toHaveLength(1);
    });
  });

  it("is BUSY when the round that it shares fails, and the next one asks anew", async () => {
    const { debit, no, play } = await contestedWallet();
    await play(async (stage) => {
      const votes = [...(await holdApart(stage, debit(1))), ...(await holdApart(stage, debit(1)))];
      stage.logs.at(0).fail();
      const busy = { vote: "busy", reason: "ask_failed" };
      expect(await Promise.all(votes)).toEqual([busy, busy]);
      expect(stage.logs.asks).toHaveLength(1);
      const [next] = await holdApart(stage, debit(1));
      expect(stage.logs.asks).toHaveLength(2);
      stage.logs.at(1).answer(undecided);
      expect(await next).toEqual(no);
    });
  });
});

/** A claim that is held, and the next one on the same reference. */
interface Claim {
  readonly held: ReturnType<typeof sidesOf>[0]["call"];
  readonly next: ReturnType<typeof sidesOf>[0]["call"];
}

describe("a round about another payment reference", () => {
  it("is not waited for", async () => {
    const wallet = await openWallet();
    const references = [newKey(), newKey()] as const;
    const fundingOf = (reference: string) => submission(funding(wallet, 1, reference));
    const [one, other] = references.map((reference) => ({
      held: sidesOf(fundingOf(reference))[0].call,
      next: sidesOf(fundingOf(reference))[0].call,
    })) as [Claim, Claim];
    // One shard for both, whatever their references say: the account looks at its claims only.
    const object = externalObject(fundingOf(references[0]));
    const account = one.held.account;
    await onAccountStage(object, "external-account", async (stage) => {
      const inShard = (call: Claim["held"]) => ({ ...call, account });
      for (const { held } of [one, other]) {
        expect((await holdApart(stage, inShard(held)))[0]).toBeInstanceOf(Promise);
      }
      const [first] = await holdApart(stage, inShard(one.next));
      const [second] = await holdApart(stage, inShard(other.next));
      expect(stage.logs.asks.map(({ transactionIds }) => transactionIds)).toEqual([
        [one.held.posting.transactionId],
        [other.held.posting.transactionId],
      ]);
      stage.logs.at(1).answer(rejected(other.held));
      expect(await second).toMatchObject(yes);
      stage.logs.at(0).answer(undecided);
      expect(await first).toEqual({ vote: "busy", reason: "claim_undecided" });
    });
  });
});
