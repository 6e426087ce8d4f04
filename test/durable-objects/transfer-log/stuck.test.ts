// Guarantee: a transaction that contradicts its accounts stays stuck, for people to look at, until
// it is settled, whatever else its later attempts meet.
import { expect, it } from "vitest";
import { answerWaitMaxMs } from "../../../src/domain/limits.ts";
import { call } from "../../support/caller.ts";
import { eventsHappen, onStage } from "../../support/staged-log.ts";

it("stays stuck when a later attempt fails in a way that is no contradiction", () =>
  onStage(121, async (stage) => {
    const stuck = () =>
      stage.log.reads.unsettled({ ...call, createdUntil: Number.MAX_SAFE_INTEGER });
    const detail = "a test contradicts";
    stage.accounts.onPost = async () => ({ acknowledged: false, reason: "fault", detail });
    const { answer } = await stage.begin(stage.transfer());
    await stage.storage.sync();
    await eventsHappen();
    stage.clock.pass(answerWaitMaxMs);
    await answer;
    expect(stuck()).toMatchObject([{ stuck: true, attempts: 1 }]);
    stage.accounts.onPost = async () => ({ acknowledged: false, reason: "protocol_version" });
    stage.clock.pass(60_000);
    await stage.log.alarmJobs.run();
    expect(stuck()).toMatchObject([{ stuck: true, attempts: 2 }]);
  }));
