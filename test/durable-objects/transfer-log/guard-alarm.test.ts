// Guarantee: an alarm run has its successor before it calls anybody. The platform forgets an alarm
// when its handler has run, and a crash in the middle must not leave work that no alarm takes up.
import { describe, expect, it } from "vitest";
import { attemptMaxMs } from "../../../src/domain/limits.ts";
import { onStage } from "../../support/staged-log.ts";

describe("an alarm run", () => {
  it("sets the next alarm before it calls anybody: a crash in its middle is taken up", () =>
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
      await stage.log.onAlarm();
      expect(guarded).toEqual([clock.now() + 30_000, clock.now() + 30_000]);
      expect(stage.stateOf(submitted)).toBe("committed");
    }));
});
