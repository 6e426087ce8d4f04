// Guarantee: that a transaction is acknowledged everywhere is noted in memory and written later. A
// note is dropped only when it is durable, no read contradicts it, and what a crash drops is
// acknowledged anew.
import { describe, expect, it } from "vitest";
import type { Submission } from "../../../src/domain/protocol/transaction.ts";
import { SettledNotes } from "../../../src/durable-objects/transfer-log/settled-notes.ts";
import { TransferLogStore } from "../../../src/durable-objects/transfer-log/store.ts";
import { attemptMaxMs } from "../../../src/domain/limits.ts";
import { call } from "../../support/caller.ts";
import { failureOf } from "../../support/objects.ts";
import { onStage, type StagedLog } from "../../support/staged-log.ts";

/** 1 while the row says that something is to be done. */
function openIn({ storage }: StagedLog, { id }: Submission): unknown {
  const query = "SELECT open FROM transactions WHERE id = ?";
  return storage.sql.exec<{ open: number }>(query, id).one().open;
}

async function settle(stage: StagedLog): Promise<Submission> {
  const submitted = stage.transfer();
  expect(await stage.submit(submitted)).toMatchObject({ outcome: "settled" });
  return submitted;
}

function breakInserts({ storage }: StagedLog): () => void {
  storage.sql.exec(`CREATE TRIGGER broken BEFORE INSERT ON transactions
    BEGIN SELECT RAISE(ABORT, 'broken by a test'); END`);
  return () => storage.sql.exec("DROP TRIGGER broken");
}

describe("a note", () => {
  it("costs no commit of its own: it is written with the next transaction", () =>
    onStage(100, async (stage) => {
      const first = await settle(stage);
      expect(openIn(stage, first)).toBe(1);
      await settle(stage);
      expect(openIn(stage, first)).toBe(0);
    }));

  it.each(["find", "unsettled", "legRecords"] as const)("is written before %s", (read) =>
    onStage({ find: 101, unsettled: 102, legRecords: 103 }[read], async (stage) => {
      const submitted = await settle(stage);
      const { log } = stage;
      if (read === "find") log.reads.find({ ...call, transactionId: submitted.id });
      if (read === "unsettled") {
        expect(log.reads.unsettled({ ...call, createdUntil: stage.clock.now() })).toEqual([]);
      }
      if (read === "legRecords") {
        const asked = { ...call, account: "wal_SENDER", transactionIds: [submitted.id] };
        expect(log.reads.legRecords(asked)).toMatchObject([{ state: "committed", settled: true }]);
      }
      expect(openIn(stage, submitted)).toBe(0);
    }),
  );

  it("is written by the alarm, which drives nothing again", () =>
    onStage(104, async (stage) => {
      const submitted = await settle(stage);
      stage.clock.pass(attemptMaxMs);
      await stage.log.alarmJobs.run();
      expect(openIn(stage, submitted)).toBe(0);
      expect(stage.accounts.countOf("post")).toBe(2);
    }));

  it("is dropped once it is written: nothing is written twice, and memory does not grow", () =>
    onStage(109, async (stage) => {
      const { id } = await settle(stage);
      const notes = new SettledNotes(stage.storage, new TransferLogStore(stage.storage));
      expect(notes.note(id, { settledAt: stage.clock.now(), anchors: [null, null] })).toBe(true);
      expect([notes.has(id), notes.note(id, { settledAt: 0, anchors: [] })]).toEqual([true, false]);
      notes.flush();
      expect([notes.has(id), notes.write()]).toEqual([false, []]);
    }));

  it.each([
    ["with an alarm", 105, 20_000],
    ["alone", 106, 0],
  ] as const)("that was written %s and rolled back is still there", (_, shard, laterMs) =>
    onStage(shard, async (stage) => {
      const submitted = await settle(stage);
      // Whether the next write needs an alarm decides about the sql transaction around it.
      stage.clock.pass(laterMs);
      const repair = breakInserts(stage);
      const failure = await failureOf(() => stage.submit(stage.transfer()));
      expect(failure).toContain("broken by a test");
      repair();
      expect(await stage.submit(submitted)).toMatchObject({ outcome: "settled", replayed: true });
      expect(openIn(stage, submitted)).toBe(0);
      expect(stage.accounts.countOf("post")).toBe(2);
    }),
  );

  it("that a crash drops is acknowledged anew by the alarm", () =>
    onStage(107, async (stage) => {
      const submitted = await settle(stage);
      const restarted = stage.start();
      await restarted.alarmJobs.recover();
      expect(openIn(stage, submitted)).toBe(1);
      stage.clock.pass(attemptMaxMs);
      await restarted.alarmJobs.run();
      expect(openIn(stage, submitted)).toBe(0);
      expect(stage.accounts.countOf("post")).toBe(4);
      expect(stage.accounts.countOf("hold")).toBe(2);
    }));

  it("that a crash drops is acknowledged anew before a replay is answered", () =>
    onStage(108, async (stage) => {
      const submitted = await settle(stage);
      const restarted = stage.start();
      const answer = await stage.submit(submitted, restarted);
      expect(answer).toMatchObject({ outcome: "settled", replayed: true });
      expect(stage.accounts.countOf("post")).toBe(4);
    }));
});
