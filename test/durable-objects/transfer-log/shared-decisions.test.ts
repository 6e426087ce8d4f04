// Guarantee: the decisions of a batch, whose votes arrive together, share a commit; the decision of
// a transaction that is alone in its shard waits for none.
import { expect, it } from "vitest";
import { fingerprintBatch } from "../../../src/domain/fingerprint.ts";
import { call, tenant } from "../../support/caller.ts";
import { outcomesOf } from "../../support/batches.ts";
import { outcomeOf } from "../../support/ledger.ts";
import { eventsHappen, onStage, type StagedLog } from "../../support/staged-log.ts";

/** The log on a storage whose commits the test lets happen. */
function withHeldCommits(stage: StagedLog) {
  const { storage } = stage;
  const syncs: (() => void)[] = [];
  const sync = () => new Promise<void>((resolve) => void syncs.push(resolve));
  const held = {
    sql: storage.sql,
    transactionSync: <T>(body: () => T) => storage.transactionSync(body),
    sync,
    getAlarm: () => storage.getAlarm(),
    setAlarm: (time: number) => storage.setAlarm(time),
  };
  return { syncs, log: stage.start(held) };
}

const decided = ({ storage }: StagedLog) =>
  storage.sql.exec("SELECT 1 FROM transactions WHERE state = 'committed'").toArray().length;

it("the decisions of a batch take two commits: the first one's, and one for all others", () =>
  onStage(61, async (stage) => {
    const { promise: asked, resolve: vote } = Promise.withResolvers<void>();
    stage.accounts.onHold = async () => {
      await asked;
      return { vote: "yes" };
    };
    const { syncs, log } = withHeldCommits(stage);
    const { id } = stage.transfer();
    const items = Array.from({ length: 20 }, () => stage.transfer());
    const fingerprint = fingerprintBatch(items.map((item) => item.fingerprint));
    const batch = { id, tenant, fingerprint, items };
    const answer = log.submitBatch({ ...call, principal: "test", batch });
    await stage.storage.sync();
    await eventsHappen();
    expect(stage.accounts.countOf("hold")).toBe(40);

    vote();
    await eventsHappen();
    expect(decided(stage)).toBe(1);
    expect(syncs).toHaveLength(1);
    syncs[0]?.();
    await eventsHappen();
    expect(decided(stage)).toBe(20);
    expect(syncs).toHaveLength(1);
    expect(new Set(outcomesOf(await answer))).toEqual(new Set(["committed"]));
  }));

it("a decision alone waits for no commit", () =>
  onStage(62, async (stage) => {
    const { syncs, log } = withHeldCommits(stage);
    expect(outcomeOf(await stage.submit(stage.transfer(), log))).toBe("committed");
    stage.clock.pass(21);
    expect(outcomeOf(await stage.submit(stage.transfer(), log))).toBe("committed");
    expect(syncs).toEqual([]);
  }));
