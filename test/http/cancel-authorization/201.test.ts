// Guarantee: a cancellation makes all of what was reserved available again, and says why.
import { expect, test } from "vitest";
import { get } from "../../support/http.ts";
import { authorize, cancel } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

test("all of it is available again", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const id = await authorize(from.walletId, to.walletId, 7);
  const key = newKey();
  const answer = await cancel(id, { reason: "sold out" }, key);
  expect(answer.status).toBe(201);
  const account = from.walletId;
  expect(answer.body).toMatchObject({
    type: "cancellation",
    status: "committed",
    authorizationId: id,
    amount: 7,
    reason: "sold out",
    legs: [
      { account, bucket: "reserved", direction: "debit", amount: 7 },
      { account, direction: "credit", amount: 7 },
    ],
  });
  const { body } = await get(`/wallets/${account}/balance`);
  expect(body).toMatchObject({ balance: 10, available: 10, reserved: 0, held: 0 });
  expect((await cancel(id, { reason: "sold out" }, key)).text).toBe(answer.text);
});

test("the reason is the description in the history", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  await cancel(await authorize(from.walletId, to.walletId, 7), { reason: "sold out" });
  const { body } = await get(`/transactions?walletId=${from.walletId}&type=cancellation`);
  const data = body["data"] as readonly Record<string, unknown>[];
  expect(data.map(({ description }) => description)).toEqual(["sold out", "sold out"]);
});

test("no reason is needed", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const answer = await cancel(await authorize(from.walletId, to.walletId, 7));
  expect(answer.status).toBe(201);
  expect(answer.body).not.toHaveProperty("reason");
});
