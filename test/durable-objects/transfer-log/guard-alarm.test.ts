// Guarantee: an alarm run has its successor before it calls an account. The platform forgets an
// alarm when its handler has run, and a crash in the middle must not leave work without one. An
// alarm that was rolled back with what it was set for is not taken to be set.
import { describe, expect, it } from "vitest";
import { attemptMaxMs } from "../../../src/domain/limits.ts";
import { failingCommits, failureOf } from "../../support/objects.ts";
import { onStage } from "../../support/staged-log.ts";

describe("an alarm run", () => {
  it("sets the next alarm before it calls an account: a crash in its middle is taken up", () =>
    onStage(109, async (stage) => {
      const { accounts, clock, storage } = stage;
      accounts.onPost = async () => ({ acknowledged: false, reason: "protocol_version" });
      const submitted = stage.transfer();
      const { answer } = await stage.begin(submitted);
      clock.pass(attemptMaxMs);
      await answer;
      await stage.storage.sync();
      // As the platform does when the alarm comes.
      await storage.deleteAlarm();
      clock.pass(10 * 60_000);
      const guarded: (number | null)[] = [];
      accounts.onPost = async () => {
        guarded.push(await storage.getAlarm());
        return { acknowledged: true };
      };
      await stage.log.alarmJobs.run();
      expect(guarded).toEqual([clock.now() + 30_000, clock.now() + 30_000]);
      expect(stage.stateOf(submitted)).toBe("committed");
    }));
});

describe("an alarm whose commit fails", () => {
  it("was never set: the next submission sets it", () =>
    onStage(125, async (stage) => {
      const { storage, failing } = failingCommits(stage.storage);
      const log = stage.start(storage);
      const submitted = stage.transfer();
      failing(true);
      expect(await failureOf(() => stage.submit(submitted, log))).toBe("broken by a test");
      expect(await storage.getAlarm()).toBeNull();
      failing(false);
      expect(await stage.submit(submitted, log)).toMatchObject({ outcome: "settled" });
      expect(await storage.getAlarm()).toBe(stage.clock.now() + attemptMaxMs);
    }));
});
