// Guarantee: what has ended already is not cancelled, and the answer says what has ended it.
import { expect, test } from "vitest";
import { expectProblem } from "../../support/http.ts";
import { authorize, cancel, capture } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";

test.each([
  ["captured", capture],
  ["cancelled", cancel],
] as const)("%s before", async (end, act) => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const id = await authorize(from.walletId, to.walletId, 7);
  const first = await act(id);
  const refused = await cancel(id);
  expectProblem(refused, 409, `authorization_${end}`);
  expect(refused.body["transactionId"]).toBe(first.body["id"]);
});
