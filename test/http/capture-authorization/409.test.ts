// Guarantee: an authorization has one end, and every other one is told which, and of what kind.
import { expect, test } from "vitest";
import { expectProblem } from "../../support/http.ts";
import { authorize, cancel, capture } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

async function authorized(): Promise<string> {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  return await authorize(from.walletId, to.walletId, 7);
}

test("captured before", async () => {
  const id = await authorized();
  const first = await capture(id, { amount: 1 });
  const key = newKey();
  const refused = await capture(id, { amount: 1 }, key);
  expectProblem(refused, 409, "authorization_captured");
  expect(refused.body["transactionId"]).toBe(first.body["id"]);
  expect((await capture(id, { amount: 1 }, key)).text).toBe(refused.text);
});

test("cancelled before", async () => {
  const id = await authorized();
  const first = await cancel(id);
  const refused = await capture(id);
  expectProblem(refused, 409, "authorization_cancelled");
  expect(refused.body["transactionId"]).toBe(first.body["id"]);
});

test("of ends that race one wins, and the others name it", async () => {
  const id = await authorized();
  const answers = await Promise.all([capture(id), cancel(id), capture(id, { amount: 2 })]);
  const won = answers.filter(({ status }) => status === 201);
  const lost = answers.filter(({ status }) => status === 409);
  expect([won.length, lost.length]).toEqual([1, 2]);
  for (const { body } of lost) expect(body["transactionId"]).toBe(won[0]?.body["id"]);
});
