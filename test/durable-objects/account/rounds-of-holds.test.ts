// Guarantee: the deadline is looked at before every round of asking; one NO rejects, and the refusal
// that is reported is the first in precedence, as far as it comes within a second; what comes later
// changes nothing and is released.
import { describe, expect, it } from "vitest";
import {
  attemptMaxMs,
  otherVotesMaxMs,
  preparingMaxMs,
  answerWaitMaxMs,
} from "../../../src/domain/limits.ts";
import type { RefusalCode } from "../../../src/domain/errors.ts";
import type { Vote } from "../../../src/domain/protocol/vote.ts";
import type { LegCall } from "../../../src/durable-objects/account/contract.ts";
import {
  eventsHappen,
  onStage,
  receiver,
  sender,
  type StagedLog,
} from "../../support/staged-log.ts";

const yes: Vote = { vote: "yes" };
const busy: Vote = { vote: "busy", reason: "open_legs" };

function no(code: RefusalCode, account: string): Vote {
  return { vote: "no", refusal: { code, account } };
}

describe("the deadline", () => {
  it("is looked at between two rounds of one attempt", () =>
    onStage(84, async (stage) => {
      const { accounts, clock } = stage;
      const submitted = stage.transfer();
      // An attempt that begins just before the deadline, and whose first round brings no decision.
      accounts.onHold = async () => busy;
      await stage.begin(submitted);
      clock.pass(attemptMaxMs);
      await eventsHappen();
      await stage.storage.sync();
      clock.pass(preparingMaxMs - attemptMaxMs - 50);
      accounts.calls.length = 0;
      const { answer } = await stage.begin(submitted);
      await eventsHappen();
      expect(accounts.countOf("hold")).toBe(2);
      // By the second round the deadline has passed: a YES could be had, and is not asked for.
      accounts.onHold = async () => yes;
      clock.pass(100);
      expect(await answer).toMatchObject({
        transaction: { state: "rejected", refusal: { code: "transaction_expired" } },
      });
      expect(accounts.countOf("hold")).toBe(2);
      expect(accounts.countOf("post")).toBe(0);
    }));

  it("that passed long ago is found by the alarm, which asks no account for a hold", () =>
    onStage(85, async (stage) => {
      const { accounts, clock } = stage;
      accounts.onHold = async () => busy;
      const submitted = stage.transfer();
      const { answer } = await stage.begin(submitted);
      await eventsHappen();
      clock.pass(attemptMaxMs);
      await answer;
      await stage.storage.sync();
      accounts.onHold = async () => yes;
      accounts.calls.length = 0;
      clock.pass(10 * preparingMaxMs);
      await stage.log.alarmJobs.run();
      expect(stage.stateOf(submitted)).toBe("rejected");
      expect(accounts.calls.toSorted()).toEqual([`release ${receiver}`, `release ${sender}`]);
    }));
});

/** Submits, with the votes of both accounts in the test's hands. */
async function voting(stage: StagedLog) {
  const votes = new Map(
    [sender, receiver].map((account) => [account, Promise.withResolvers<Vote>()]),
  );
  stage.accounts.onHold = ({ account }: LegCall) => {
    const vote = votes.get(account);
    if (!vote) throw new Error(`no part for ${account}`);
    return vote.promise;
  };
  const submitted = stage.transfer();
  const { answer } = await stage.begin(submitted);
  const vote = async (account: string, cast: Vote) => {
    votes.get(account)?.resolve(cast);
    await eventsHappen();
  };
  return { submitted, answer, vote };
}

describe("after a first NO", () => {
  const funds = no("insufficient_funds", sender);
  const missing = no("wallet_not_found", receiver);

  it("the other vote is waited for, and the first refusal in precedence is reported", () =>
    onStage(86, async (stage) => {
      const { submitted, answer, vote } = await voting(stage);
      await vote(sender, funds);
      stage.clock.pass(otherVotesMaxMs - 1);
      await eventsHappen();
      expect(stage.stateOf(submitted)).toBe("preparing");
      await vote(receiver, missing);
      expect(stage.stateOf(submitted)).toBe("rejected");
      const refusal = { code: "wallet_not_found", account: receiver };
      expect(await answer).toMatchObject({ transaction: { refusal } });
      // The wait for the other vote was taken back with the others.
      expect(stage.clock.waits).toEqual([]);
    }));

  it("the other vote is waited for from the NO on, for one second", () =>
    onStage(87, async (stage) => {
      const { submitted, answer, vote } = await voting(stage);
      stage.clock.pass(2 * otherVotesMaxMs);
      await vote(sender, funds);
      expect(stage.stateOf(submitted)).toBe("preparing");
      stage.clock.pass(otherVotesMaxMs);
      await eventsHappen();
      expect(stage.stateOf(submitted)).toBe("rejected");
      expect(await answer).toMatchObject({ transaction: { refusal: { account: sender } } });
    }));

  it.each([
    ["YES", yes, 88],
    ["NO", missing, 89],
  ] as const)("a %s that comes later changes nothing, and its leg is released", (_, late, shard) =>
    onStage(shard, async (stage) => {
      const { submitted, answer, vote } = await voting(stage);
      await vote(sender, funds);
      stage.clock.pass(otherVotesMaxMs);
      expect(await answer).toMatchObject({
        transaction: { state: "rejected", refusal: { code: "insufficient_funds" } },
      });
      expect(stage.accounts.calls).toContain(`release ${receiver}`);
      await vote(receiver, late);
      expect(stage.stateOf(submitted)).toBe("rejected");
      expect(stage.accounts.countOf("post")).toBe(0);
      const again = await stage.submit(submitted);
      expect(again).toMatchObject({ transaction: { refusal: { code: "insufficient_funds" } } });
    }),
  );
});

describe("without a NO", () => {
  it.each([
    ["BUSY", busy, 90],
    ["YES", yes, 91],
  ] as const)("a %s is no reason to hurry: the other vote is waited for", (_, first, shard) =>
    onStage(shard, async (stage) => {
      const { submitted, answer, vote } = await voting(stage);
      await vote(sender, first);
      // To stop waiting after a second would mean to ask both again within the next.
      for (const passed of [otherVotesMaxMs, answerWaitMaxMs - otherVotesMaxMs - 1]) {
        stage.clock.pass(passed);
        await eventsHappen();
      }
      expect(stage.stateOf(submitted)).toBe("preparing");
      expect(stage.accounts.countOf("hold")).toBe(2);
      await vote(receiver, yes);
      if (first === yes) expect(await answer).toMatchObject({ outcome: "settled" });
      else expect(stage.stateOf(submitted)).toBe("preparing");
      stage.clock.pass(attemptMaxMs);
      await answer;
    }),
  );
});
