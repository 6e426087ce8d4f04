// Guarantee: shards that do not answer are counted, and hide nothing of what the others know; only
// where no shard answers is there no list, which would look like good news.
import { expect, test } from "vitest";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { expectProblem, get, type Body } from "../../support/http.ts";
import { keyInShard } from "../../support/keys.ts";
import { submission, transfer } from "../../support/ledger.ts";
import { openWallet } from "../../support/wallets.ts";
import { recordTransaction } from "../../support/log-rows.ts";

const network = useFaultyNetwork();

test.each(["overloaded", "broken"] as const)(
  "a shard that is %s is counted, and the others' are listed",
  async (fault) => {
    const sent = transfer(await openWallet(), await openWallet(), 1);
    const submitted = submission(sent, keyInShard(9));
    await recordTransaction(submitted);
    const whole = await get("/ops/unsettled");
    expect(whole.body["unreachableShards"]).toBe(0);
    const listed = (body: Body) =>
      (body["data"] as readonly Body[]).map(({ transactionId }) => transactionId);
    expect(listed(whole.body)).toContain(submitted.id);

    // The first call is to shard 0.
    network.next("unsettled", fault);
    const { status, body } = await get("/ops/unsettled");
    expect([status, body["unreachableShards"]]).toEqual([200, 1]);
    expect(listed(body)).toEqual(listed(whole.body));
  },
);

test("where no shard answers, the client is told so", async () => {
  network.every("unsettled", "overloaded");
  expectProblem(await get("/ops/unsettled"), 503, "overloaded");
});
