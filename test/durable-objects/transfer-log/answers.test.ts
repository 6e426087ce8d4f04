// Guarantee: an answer comes after its effects. 201 when every leg is posted, a refusal when every
// leg is released. All clients that wait for a transaction are answered by the same settlement, or,
// after 5 s, that it is pending.
import { describe, expect, it } from "vitest";
import { answerWaitMaxMs, attemptMaxMs } from "../../../src/domain/limits.ts";
import type { Vote } from "../../../src/domain/protocol/vote.ts";
import type { Acknowledgement, LegCall } from "../../../src/durable-objects/account/contract.ts";
import type { SubmitResult } from "../../../src/durable-objects/transfer-log/contract.ts";
import { call, unknownVersion } from "../../support/caller.ts";
import {
  eventsHappen,
  onStage,
  receiver,
  sender,
  type StagedLog,
} from "../../support/staged-log.ts";

const acknowledged: Acknowledgement = { acknowledged: true };
const refused: Vote = { vote: "no", refusal: { code: "insufficient_funds", account: sender } };

/** Says whether a promise is kept by now. */
async function isKept(promise: Promise<unknown>): Promise<boolean> {
  let kept = false;
  void promise.then(() => (kept = true));
  await eventsHappen();
  return kept;
}

/** One of the accounts takes its time to acknowledge. */
function slow(stage: StagedLog, phase: "onPost" | "onRelease", account: string) {
  const { promise, resolve } = Promise.withResolvers<Acknowledgement>();
  stage.accounts[phase] = async (about: LegCall) =>
    about.account === account ? promise : acknowledged;
  return () => resolve(acknowledged);
}

const legs = [sender, receiver] as const;

describe("an answer", () => {
  it.each(legs.map((account, index) => ({ account, shard: 92 + index })))(
    "201 waits for the post of $account",
    ({ account, shard }) =>
      onStage(shard, async (stage) => {
        const acknowledge = slow(stage, "onPost", account);
        const submitted = stage.transfer();
        const { answer } = await stage.begin(submitted);
        expect(await isKept(answer)).toBe(false);
        expect(stage.stateOf(submitted)).toBe("committed");
        acknowledge();
        expect(await answer).toMatchObject({ outcome: "settled" });
      }),
  );

  it.each(legs.map((account, index) => ({ account, shard: 94 + index })))(
    "a refusal waits for the release of $account",
    ({ account, shard }) =>
      onStage(shard, async (stage) => {
        stage.accounts.onHold = async () => refused;
        const acknowledge = slow(stage, "onRelease", account);
        const submitted = stage.transfer();
        const { answer } = await stage.begin(submitted);
        expect(await isKept(answer)).toBe(false);
        expect(stage.stateOf(submitted)).toBe("rejected");
        acknowledge();
        expect(await answer).toMatchObject({ transaction: { state: "rejected" } });
      }),
  );

  it("is no answer where an account did not acknowledge: pending, then the alarm's business", () =>
    onStage(96, async (stage) => {
      stage.accounts.onPost = async () => ({ acknowledged: false, reason: "protocol_version" });
      const { answer } = await stage.begin(stage.transfer());
      expect(await isKept(answer)).toBe(false);
      stage.clock.pass(answerWaitMaxMs);
      expect(await answer).toMatchObject({ outcome: "pending" });
    }));
});

describe("several that wait for one transaction", () => {
  it("share one attempt, and are all answered when it settles", () =>
    onStage(97, async (stage) => {
      const acknowledge = slow(stage, "onPost", receiver);
      const submitted = stage.transfer();
      const { answer: first } = await stage.begin(submitted);
      const answers: Promise<SubmitResult>[] = [first];
      for (let more = 1; more <= 3; more++) answers.push(stage.submit(submitted));
      await stage.storage.sync();
      await eventsHappen();
      acknowledge();
      const results = await Promise.all(answers);
      expect(results.map(({ outcome }) => outcome)).toEqual(Array(4).fill("settled"));
      expect(stage.accounts.countOf("hold")).toBe(2);
      expect(stage.accounts.countOf("post")).toBe(2);
      // No timer outlives the answers: it would keep the object on the bill.
      expect(stage.clock.waits).toEqual([]);
    }));

  it("wait for 5 s each, from when they came, and the next one is answered", () =>
    onStage(98, async (stage) => {
      const acknowledge = slow(stage, "onPost", receiver);
      const submitted = stage.transfer();
      const { answer: first } = await stage.begin(submitted);
      stage.clock.pass(answerWaitMaxMs - 1);
      const second = stage.submit(submitted);
      await stage.storage.sync();
      await eventsHappen();
      stage.clock.pass(1);
      expect(await first).toMatchObject({
        outcome: "pending",
        transaction: { state: "committed" },
      });
      expect(await isKept(second)).toBe(false);
      acknowledge();
      expect(await second).toMatchObject({ outcome: "settled", replayed: true });
      expect(await stage.submit(submitted)).toMatchObject({ outcome: "settled", replayed: true });
      expect(stage.accounts.countOf("post")).toBe(2);
    }));

  it("are answered by whichever attempt settles it, also one that has overtaken theirs", () =>
    onStage(99, async (stage) => {
      slow(stage, "onPost", receiver);
      const submitted = stage.transfer();
      await stage.begin(submitted);
      stage.clock.pass(attemptMaxMs - answerWaitMaxMs + 1);
      const waiting = stage.submit(submitted);
      await stage.storage.sync();
      await eventsHappen();
      stage.clock.pass(answerWaitMaxMs - 1);
      stage.accounts.onPost = async () => acknowledged;
      expect(await stage.submit(submitted)).toMatchObject({ outcome: "settled" });
      expect(await waiting).toMatchObject({ outcome: "settled" });
    }));
});

describe("a call of an unknown protocol version", () => {
  const protocol = unknownVersion;

  it("is asked for later again and records nothing, where it submits", () =>
    onStage(126, async (stage) => {
      const submission = stage.transfer();
      const answer = await stage.log.submit({ ...call, protocol, principal: "test", submission });
      expect(answer).toEqual({ outcome: "refused", problem: "overloaded" });
      expect(stage.accounts.calls).toEqual([]);
      expect(stage.stateOf(submission)).toBe("absent");
    }));

  it("learns nothing, where it asks: not even that a transaction is unknown", () =>
    onStage(127, async (stage) => {
      const submitted = stage.transfer();
      await stage.submit(submitted);
      const { id, fingerprint } = submitted;
      for (const transactionId of [id, stage.transfer().id]) {
        const questions = [{ transactionId, fingerprint }];
        const answer = stage.log.reads.ask({ ...call, protocol, account: sender, questions });
        expect(answer).toEqual({ ok: false, problem: "protocol_version" });
      }
      expect(stage.logged.filter(({ event }) => event === "integrity_fault")).toEqual([]);
    }));
});
