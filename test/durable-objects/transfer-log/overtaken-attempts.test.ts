// Guarantee: an attempt that hangs is overtaken, and when it goes on after all it performs what was
// decided, not what it would have decided itself; and no attempt is counted longer than it runs.
import { describe, expect, it } from "vitest";
import {
  attemptMaxMs,
  preparingMaxMs,
  transactionsInProgressMax,
} from "../../../src/domain/limits.ts";
import type { Vote } from "../../../src/domain/protocol/vote.ts";
import { eventsHappen, onStage, sender, type StagedLog } from "../../support/staged-log.ts";

const yes: Vote = { vote: "yes" };
const no: Vote = { vote: "no", refusal: { code: "insufficient_funds", account: sender } };

/** That another attempt has decided is no failure. */
const failuresOf = (stage: StagedLog) => stage.logged.filter(({ event }) => event === "unhandled");

describe("an overtaken attempt", () => {
  it("that learns too late that all voted YES posts nothing: the deadline has rejected", () =>
    onStage(78, async (stage) => {
      const { accounts, clock } = stage;
      const { promise: late, resolve: vote } = Promise.withResolvers<Vote>();
      accounts.onHold = () => late;
      const submitted = stage.transfer();
      const { answer: first } = await stage.begin(submitted);
      clock.pass(preparingMaxMs);
      expect(await stage.submit(submitted)).toMatchObject({
        outcome: "settled",
        transaction: { state: "rejected", refusal: { code: "transaction_expired" } },
      });
      vote(yes);
      await first;
      await eventsHappen();
      expect(accounts.countOf("post")).toBe(0);
      expect(stage.stateOf(submitted)).toBe("rejected");
      expect(failuresOf(stage)).toEqual([]);
    }));

  it("that learns too late of a NO releases nothing: another one has committed", () =>
    onStage(79, async (stage) => {
      const { accounts, clock } = stage;
      const { promise: late, resolve: vote } = Promise.withResolvers<Vote>();
      accounts.onHold = () => late;
      const submitted = stage.transfer();
      const { answer: first } = await stage.begin(submitted);
      clock.pass(attemptMaxMs);
      accounts.onHold = async () => yes;
      expect(await stage.submit(submitted)).toMatchObject({ transaction: { state: "committed" } });
      vote(no);
      await first;
      await eventsHappen();
      expect(accounts.countOf("release")).toBe(0);
      expect(stage.stateOf(submitted)).toBe("committed");
      expect(failuresOf(stage)).toEqual([]);
    }));

  it("that ends leaves the one that runs in its place: it is still joined", () =>
    onStage(80, async (stage) => {
      const { accounts, clock } = stage;
      const first = Promise.withResolvers<Vote>();
      accounts.onHold = () => first.promise;
      const submitted = stage.transfer();
      const { answer: early } = await stage.begin(submitted);
      clock.pass(attemptMaxMs);
      const second = Promise.withResolvers<Vote>();
      accounts.onHold = () => second.promise;
      const { answer: overtaking } = await stage.begin(submitted);
      expect(accounts.countOf("hold")).toBe(4);
      // The first ends in BUSY, and leaves the rest to the alarm.
      first.resolve({ vote: "busy", reason: "open_legs" });
      await eventsHappen();
      await stage.storage.sync();
      const joining = stage.submit(submitted);
      await stage.storage.sync();
      await eventsHappen();
      expect(accounts.countOf("hold")).toBe(4);
      second.resolve(yes);
      for (const answer of [overtaking, joining]) {
        expect(await answer).toMatchObject({ transaction: { state: "committed" } });
      }
      await early;
    }));
});

describe("an attempt that has ended", () => {
  it.each([
    ["settled", 81],
    ["that failed", 82],
    ["that threw", 83],
  ] as const)("%s makes room for another one", (end, shard) =>
    onStage(shard, async (stage) => {
      const { accounts, clock } = stage;
      if (end === "that failed") {
        accounts.onPost = async () => ({ acknowledged: false, reason: "protocol_version" });
      }
      if (end === "that threw") {
        accounts.onHold = async () => Promise.reject(new Error("the account threw"));
      }
      const outcomes: string[] = [];
      // As many as the shard drives at once. Where they do not settle, their clients are told so
      // after 5 s, and their pauses come to an end.
      const driveAll = async (count: number) => {
        const expected = outcomes.length + count;
        for (let more = 1; more <= count; more++) {
          void stage.submit(stage.transfer()).then(({ outcome }) => outcomes.push(outcome));
        }
        while (outcomes.length < expected) {
          await stage.storage.sync();
          await eventsHappen();
          if (outcomes.length < expected) clock.pass(attemptMaxMs);
        }
      };
      await driveAll(transactionsInProgressMax);
      await driveAll(1);
      expect(outcomes).toHaveLength(transactionsInProgressMax + 1);
      expect(outcomes).not.toContain("refused");
    }),
  );
});
