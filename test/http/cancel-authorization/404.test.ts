// Guarantee: what does not exist, and what is out of sight, cannot be acted on; nothing is recorded.
import { test } from "vitest";
import { transactionIdFor } from "../../../src/domain/ids.ts";
import { expectProblem } from "../../support/http.ts";
import { cancel } from "../../support/http-ledger.ts";
import { newKey } from "../../support/keys.ts";

test.each([
  ["that was never made", transactionIdFor("main", newKey())],
  ["of another tenant", transactionIdFor("other", newKey())],
  ["that cannot exist", "txn_1"],
])("a transaction %s", async (_name, id) => {
  expectProblem(await cancel(id), 404, "transaction_not_found");
});
