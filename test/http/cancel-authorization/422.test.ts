// Guarantee: only an authorization that took place can be cancelled.
import { expect, test } from "vitest";
import { expectProblem } from "../../support/http.ts";
import { cancel, fund, newAuthorization, newFunding, transfer } from "../../support/http-ledger.ts";
import { openUser } from "../../support/http-users.ts";

test("a transaction that is no authorization", async () => {
  const { walletId } = await openUser();
  const { body } = await fund(newFunding(walletId, 5));
  expectProblem(await cancel(String(body["id"])), 422, "not_an_authorization");
});

test("an authorization that was refused", async () => {
  const [from, to] = await Promise.all([openUser(), openUser()]);
  const refused = await transfer(newAuthorization(from.walletId, to.walletId, 7));
  const id = String(refused.body["instance"]).slice("/transactions/".length);
  const answer = await cancel(id);
  expectProblem(answer, 422, "authorization_rejected");
  expect(answer.body["transactionId"]).toBe(id);
});
