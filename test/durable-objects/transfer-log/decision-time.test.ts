// Guarantee: a transaction is never dated before what its accounts have posted, unless a clock was
// wrong; and every account is told the same time, however often and whichever way it learns it.
import { describe, expect, it } from "vitest";
import { answerWaitMaxMs, attemptMaxMs, decisionAheadMaxMs } from "../../../src/domain/limits.ts";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import type { Vote } from "../../../src/domain/protocol/vote.ts";
import { call } from "../../support/caller.ts";
import {
  eventsHappen,
  onStage,
  receiver,
  sender,
  type StagedLog,
} from "../../support/staged-log.ts";

const refused: Vote = { vote: "no", refusal: { code: "insufficient_funds", account: sender } };

/** The receiver has posted what was decided `aheadMs` from now. */
function receiverIsAhead(stage: StagedLog, aheadMs: number): number {
  const newestDecidedAt = stage.clock.now() + aheadMs;
  stage.accounts.onHold = async ({ account }) =>
    account === receiver ? { vote: "yes", newestDecidedAt } : { vote: "yes" };
  return newestDecidedAt;
}

function answersOf({ log }: StagedLog, { id: transactionId, fingerprint }: Submission) {
  const questions = [{ transactionId, fingerprint }];
  return [sender, receiver].map((account) => {
    const result = log.reads.ask({ ...call, account, questions });
    return result.ok ? result.answers[0] : undefined;
  });
}

function decisionTimeOf({ log }: StagedLog, { id: transactionId }: Submission) {
  const found = log.reads.find({ ...call, transactionId });
  return found.ok ? found.transaction.decidedAt : undefined;
}

/** When the accounts were told, in the order of their posts, that it was decided. */
const timesOf = ({ accounts }: StagedLog) => accounts.posts.map(({ decidedAt }) => decidedAt);

describe("a commit", () => {
  it("is dated by the clock, where nothing newer is posted", () =>
    onStage(140, async (stage) => {
      receiverIsAhead(stage, -1);
      const submitted = stage.transfer();
      await stage.submit(submitted);
      expect(decisionTimeOf(stage, submitted)).toBe(stage.clock.now());
      expect(timesOf(stage)).toEqual([stage.clock.now(), stage.clock.now()]);
    }));

  it("is not dated before what an account has posted", () =>
    onStage(141, async (stage) => {
      const newest = receiverIsAhead(stage, decisionAheadMaxMs);
      const submitted = stage.transfer();
      await stage.submit(submitted);
      expect(decisionTimeOf(stage, submitted)).toBe(newest);
      expect(timesOf(stage)).toEqual([newest, newest]);
      expect(stage.errors).toEqual([]);
    }));

  it("does not follow a clock that was more than 30 s ahead, and people are told", () =>
    onStage(142, async (stage) => {
      const newest = receiverIsAhead(stage, decisionAheadMaxMs + 1);
      const submitted = stage.transfer();
      await stage.submit(submitted);
      expect(timesOf(stage)).toEqual([stage.clock.now(), stage.clock.now()]);
      expect(stage.errors).toEqual([
        {
          event: "clock_ahead",
          requestId: call.requestId,
          transactionId: submitted.id,
          detail: expect.stringContaining(String(newest)) as string,
        },
      ]);
    }));

  it("is told with its time to an account that asks, and a rejection without one", () =>
    onStage(143, async (stage) => {
      const newest = receiverIsAhead(stage, 7);
      const committed = stage.transfer();
      await stage.submit(committed);
      const told = { decision: "commit", decidedAt: newest };
      expect(answersOf(stage, committed)).toMatchObject([told, told]);
      stage.accounts.onHold = async () => refused;
      const rejected = stage.transfer();
      await stage.submit(rejected);
      for (const answer of answersOf(stage, rejected)) {
        expect(answer).toMatchObject({ decision: "reject" });
        expect(answer).not.toHaveProperty("decidedAt");
      }
      const unknown = { ...committed, fingerprint: "fp1:other" };
      expect(answersOf(stage, unknown)).toEqual([{ decision: "fault" }, { decision: "fault" }]);
    }));

  it("has the same time in each repeat of a post, also after a crash", () =>
    onStage(144, async (stage) => {
      const { accounts, clock } = stage;
      const newest = receiverIsAhead(stage, 7);
      accounts.onPost = async () => Promise.reject(new Error("no answer"));
      const submitted = stage.transfer();
      const { answer } = await stage.begin(submitted);
      await eventsHappen();
      clock.pass(answerWaitMaxMs);
      expect(await answer).toMatchObject({ outcome: "pending" });
      accounts.onPost = async () => ({ acknowledged: true });
      clock.pass(attemptMaxMs);
      await stage.start().alarmJobs.run();
      expect(timesOf(stage)).toEqual([newest, newest, newest, newest]);
      expect(decisionTimeOf(stage, submitted)).toBe(newest);
    }));

  it("is told with its time to an audit, which is told of none before", () =>
    onStage(145, async (stage) => {
      const newest = receiverIsAhead(stage, 7);
      const recordOf = ({ id }: Submission) =>
        stage.log.reads.legRecords({ ...call, account: sender, transactionIds: [id] })[0];
      const committed = stage.transfer();
      await stage.submit(committed);
      expect(recordOf(committed)).toMatchObject({ state: "committed", decidedAt: newest });
      stage.accounts.onHold = () => new Promise(() => undefined);
      const undecided = stage.transfer();
      await stage.begin(undecided);
      expect(recordOf(undecided)).toMatchObject({ state: "preparing" });
      expect(recordOf(undecided)).not.toHaveProperty("decidedAt");
    }));
});
