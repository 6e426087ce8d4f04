// Guarantee: messages that reach a busy account together share one commit, and each of them is still
// decided by the state that it finds; a message that comes alone does not wait; and a disk that fails
// fails those messages only that were waiting for it.
import { describe, expect, it } from "vitest";
import type { Vote } from "../../../src/domain/protocol/vote.ts";
import type { PostCall } from "../../../src/durable-objects/account/contract.ts";
import { submission, transfer } from "../../support/ledger.ts";
import { walletObject } from "../../support/stubs.ts";
import { fundedWallet, openWallet } from "../../support/wallets.ts";
import { sidesOf } from "../../support/legs.ts";
import { onAccountStage, type StagedAccount } from "../../support/staged-account.ts";
import { eventsHappen } from "../../support/staged-log.ts";

const yes: Vote = { vote: "yes" };
const acknowledged = { acknowledged: true };

/** A wallet of 1,000 on stage, with the calls about a new debit of it. */
async function onWallet(
  play: (stage: StagedAccount, debit: (amount?: number) => PostCall) => Promise<void>,
) {
  const [sender, receiver] = [await fundedWallet(1_000), await openWallet()];
  const debit = (amount = 1) => sidesOf(submission(transfer(sender, receiver, amount)))[0].call;
  await onAccountStage(walletObject(sender), "wallet", (stage) => play(stage, debit));
}

/** How many legs are held by now. */
async function heldIn({ account }: StagedAccount): Promise<number> {
  await eventsHappen();
  return account.store.heldLegs().length;
}

describe("20 messages that come together", () => {
  it("take two commits: the first one's, and one for all others", () =>
    onWallet(async (stage, debit) => {
      const votes = Array.from({ length: 20 }, () => stage.account.hold(debit()));
      expect(await heldIn(stage)).toBe(1);
      expect(stage.syncs).toHaveLength(1);
      stage.syncs[0]?.done();
      expect(await heldIn(stage)).toBe(20);
      expect(await Promise.all(votes)).toMatchObject(votes.map(() => yes));
      expect(stage.syncs).toHaveLength(1);
    }));

  it("are admitted one after the other: what the first has taken, the last cannot have", () =>
    onWallet(async (stage, debit) => {
      const votes = Array.from({ length: 20 }, () => stage.account.hold(debit(60)));
      await eventsHappen();
      stage.syncs[0]?.done();
      await eventsHappen();
      expect(await heldIn(stage)).toBe(16);
      for (const ask of stage.logs.asks) ask.answer(() => ({ decision: "undecided" }));
      await eventsHappen();
      for (const ask of stage.logs.asks) ask.answer(() => ({ decision: "undecided" }));
      const cast = (await Promise.all(votes)).map(({ vote }) => vote);
      expect(cast.filter((vote) => vote === "yes")).toHaveLength(16);
      expect(cast.filter((vote) => vote === "no")).toHaveLength(4);
    }));

  it("wait also with a post and a release among them", () =>
    onWallet(async (stage, debit) => {
      const [posted, released] = [debit(), debit()];
      expect(await stage.account.hold(posted)).toMatchObject(yes);
      stage.clock.pass(1_000);
      expect(await stage.account.hold(released)).toMatchObject(yes);
      const answers = [stage.account.post(posted), stage.account.release(released)];
      expect(await heldIn(stage)).toBe(2);
      expect(stage.syncs).toHaveLength(1);
      stage.syncs[0]?.done();
      expect(await heldIn(stage)).toBe(0);
      for (const answer of answers) expect(await answer).toMatchObject(acknowledged);
    }));

  it("that come during a commit wait for the next one no longer than for this", () =>
    onWallet(async (stage, debit) => {
      const first = [stage.account.hold(debit()), stage.account.hold(debit())];
      await eventsHappen();
      // Long after: not busy by its own time, but others are waiting, and keep their turn.
      stage.clock.pass(1_000);
      const late = stage.account.hold(debit());
      expect(await heldIn(stage)).toBe(1);
      expect(stage.syncs).toHaveLength(1);
      stage.syncs[0]?.done();
      expect(await Promise.all([...first, late])).toMatchObject([yes, yes, yes]);
      expect(stage.syncs).toHaveLength(1);
    }));
});

describe("a message that comes alone", () => {
  it("does not wait", () =>
    onWallet(async (stage, debit) => {
      for (let count = 1; count <= 3; count++) {
        stage.clock.pass(21);
        expect(await stage.account.hold(debit())).toMatchObject(yes);
      }
      expect(stage.syncs).toEqual([]);
    }));

  it("does not wait for the other messages of its own transaction", () =>
    onWallet(async (stage, debit) => {
      const call = debit();
      expect(await stage.account.hold(call)).toMatchObject(yes);
      expect(await stage.account.hold(call)).toMatchObject(yes);
      expect(await stage.account.post(call)).toMatchObject(acknowledged);
      expect(stage.syncs).toEqual([]);
    }));

  it("waits when another transaction's came up to 20 ms ago", () =>
    onWallet(async (stage, debit) => {
      expect(await stage.account.hold(debit())).toMatchObject(yes);
      stage.clock.pass(20);
      const vote = stage.account.hold(debit());
      await eventsHappen();
      expect(stage.syncs).toHaveLength(1);
      stage.syncs[0]?.done();
      expect(await vote).toMatchObject(yes);
    }));
});

describe("a commit that fails", () => {
  it("fails the messages that waited for it, which write nothing, and no later one", () =>
    onWallet(async (stage, debit) => {
      const calls = [debit(), debit(), debit()] as const;
      const [first, second, third] = calls.map((call) => stage.account.hold(call));
      const failed = Promise.allSettled([second, third]);
      await eventsHappen();
      stage.syncs[0]?.fail(new Error("the disk failed"));
      expect((await failed).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
      expect(await first).toMatchObject(yes);
      expect(await heldIn(stage)).toBe(1);

      const again = stage.account.hold(calls[1]);
      await eventsHappen();
      stage.syncs[1]?.done();
      expect(await again).toMatchObject(yes);
    }));

  it("at once fails one turn, too: the next message opens another", () =>
    onWallet(async (stage, debit) => {
      expect(await stage.account.hold(debit())).toMatchObject(yes);
      stage.brokenSync = new Error("no storage");
      for (let time = 1; time <= 2; time++) {
        await expect(stage.account.hold(debit())).rejects.toThrow("no storage");
      }
      stage.brokenSync = undefined;
      const vote = stage.account.hold(debit());
      await eventsHappen();
      expect(stage.syncs).toHaveLength(1);
      stage.syncs[0]?.done();
      expect(await vote).toMatchObject(yes);
    }));
});
