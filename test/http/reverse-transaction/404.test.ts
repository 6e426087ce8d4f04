// Guarantee: what is not there, or not the caller's, cannot be reversed, and asking leaves no trace.
import { expect, test } from "vitest";
import { transactionIdFor } from "../../../src/domain/ids.ts";
import { expectNoTrace } from "../../support/bad-requests.ts";
import { bootstrapFor, ClosedService } from "../../support/closed.ts";
import { expectProblem } from "../../support/http.ts";
import { newTransfer, reverse, reversePath, transfer } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

async function transferred(): Promise<string> {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const { body } = await transfer(newTransfer(from.walletId, to.walletId, 10));
  return String(body["id"]);
}

test.each(["txn_1", "usr_1", "nothing", `txn_${"0".repeat(26)}`, "TXN", "%20"])(
  "transaction_not_found, unrecorded: %s",
  async (id) => {
    const key = newKey();
    expectProblem(await reverse(id, {}, key), 404, "transaction_not_found");
    await expectNoTrace(key);
    expect((await reverse(await transferred(), {}, key)).status).toBe(201);
  },
);

test("transaction_not_found: another tenant's", async () => {
  const other = bootstrapFor("other");
  const elsewhere = new ClosedService({ BOOTSTRAP_KEY: other.setting });
  const path = reversePath(await transferred());
  const answer = await elsewhere.send("POST", path, other.text, { body: {} });
  expectProblem(answer, 404, "transaction_not_found");
});

test("a key that was used is told so, even for what is not there", async () => {
  const key = newKey();
  expect((await reverse(await transferred(), {}, key)).status).toBe(201);
  const unknown = transactionIdFor("main", newKey());
  expectProblem(await reverse(unknown, {}, key), 422, "idempotency_key_reused");
});
