// Guarantee: an attempt that ends without settling leaves its transaction to an alarm that comes in
// time for the deadline, and is counted; one that ends after another has settled it leaves nothing
// behind.
import { describe, expect, it } from "vitest";
import { answerWaitMaxMs, attemptMaxMs, preparingMaxMs } from "../../../src/domain/limits.ts";
import type { Acknowledgement } from "../../../src/durable-objects/account/contract.ts";
import { call } from "../../support/caller.ts";
import { eventsHappen, onStage } from "../../support/staged-log.ts";

describe("a transaction that is preparing", () => {
  it("is looked at again by its deadline, however long its back-off has become", () =>
    onStage(122, async (stage) => {
      const { accounts, clock, storage, log } = stage;
      accounts.onHold = async () => ({ vote: "busy", reason: "open_legs" });
      const deadline = clock.now() + preparingMaxMs;
      const { answer } = await stage.begin(stage.transfer());
      // As after eight attempts: the next one would come minutes later.
      storage.sql.exec("UPDATE transactions SET attempts = 8");
      clock.pass(attemptMaxMs);
      await answer;
      await eventsHappen();
      const open = log.reads.unsettled({ ...call, createdUntil: clock.now() });
      expect(open).toMatchObject([{ attempts: 9, nextAttemptAt: deadline }]);
      await storage.deleteAlarm();
      await log.alarmJobs.run();
      expect(await storage.getAlarm()).toBe(deadline);
    }));
});

describe("an attempt that ends after another one has settled its transaction", () => {
  it.each([
    ["and has only noted it", 123],
    ["and has written it", 124],
  ] as const)("%s postpones nothing and reports nothing", (end, shard) =>
    onStage(shard, async (stage) => {
      const { accounts, clock, storage } = stage;
      const { promise: late, resolve: fail } = Promise.withResolvers<Acknowledgement>();
      accounts.onPost = () => late;
      const submitted = stage.transfer();
      const first = stage.submit(submitted);
      while (accounts.countOf("post") < 2) await storage.sync();
      clock.pass(attemptMaxMs);
      expect(await first).toMatchObject({ outcome: "pending" });
      accounts.onPost = async () => ({ acknowledged: true });
      expect(await stage.submit(submitted)).toMatchObject({ outcome: "settled" });
      if (end === "and has written it") stage.stateOf(submitted);
      fail({ acknowledged: false, reason: "fault", detail: "a test is late" });
      await eventsHappen();
      await storage.sync();
      const query = "SELECT attempts, stuck FROM transactions WHERE id = ?";
      expect(storage.sql.exec(query, submitted.id).one()).toEqual({ attempts: 0, stuck: 0 });
      expect(stage.logged.filter(({ event }) => event === "stuck")).toEqual([]);
    }),
  );
});

describe("an attempt that fails on the way", () => {
  it("is counted, and made again by the alarm", () =>
    onStage(130, async (stage) => {
      const { clock, storage, log } = stage;
      const submitted = stage.transfer();
      await stage.submit(stage.transfer());
      storage.sql.exec(`CREATE TRIGGER broken BEFORE UPDATE OF state ON transactions
        BEGIN SELECT RAISE(ABORT, 'broken by a test'); END`);
      const { answer } = await stage.begin(submitted);
      await storage.sync();
      await eventsHappen();
      clock.pass(answerWaitMaxMs);
      expect(await answer).toMatchObject({ outcome: "pending" });
      expect(stage.logged.filter(({ event }) => event === "unhandled")).toHaveLength(1);
      const open = log.reads.unsettled({ ...call, createdUntil: clock.now() });
      expect(open).toMatchObject([{ id: submitted.id, attempts: 1, stuck: false }]);
      storage.sql.exec("DROP TRIGGER broken");
      clock.pass(attemptMaxMs);
      await log.alarmJobs.run();
      expect(stage.stateOf(submitted)).toBe("committed");
    }));
});
