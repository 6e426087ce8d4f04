// Guarantee: what cannot be captured is refused, and nothing moves: another transaction than an
// authorization, more than is authorized, an authorization that never took place.
import { expect, test } from "vitest";
import { expectProblem, get, post } from "../../support/http.ts";
import {
  authorize,
  capture,
  fund,
  newAuthorization,
  newFunding,
  transfer,
} from "../../support/http-ledger.ts";
import { userIdFor, walletIdOfUser } from "../../../src/domain/ids.ts";
import { tenant } from "../../support/caller.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

test("a transaction that is no authorization; nothing is recorded", async () => {
  const { walletId } = await openUser();
  const { body } = await fund(newFunding(walletId, 5));
  const key = newKey();
  expectProblem(await capture(String(body["id"]), {}, key), 422, "not_an_authorization");
  const other = await openUser();
  const sent = newAuthorization(walletId, other.walletId, 5);
  expect((await transfer(sent, key)).status, "the key is free").toBe(201);
});

test("more than is authorized; nothing is recorded", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const id = await authorize(from.walletId, to.walletId, 7);
  const key = newKey();
  expectProblem(await capture(id, { amount: 8 }, key), 422, "amount_exceeds_authorization");
  expect((await capture(id, { amount: 7 }, key)).status).toBe(201);
});

test("an omitted amount is not the full amount sent", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const id = await authorize(from.walletId, to.walletId, 7);
  const key = newKey();
  await capture(id, {}, key);
  expectProblem(await capture(id, { amount: 7 }, key), 422, "idempotency_key_reused");
});

test("an authorization that was refused", async () => {
  const [from, to] = await Promise.all([openUser(), openUser()]);
  const key = newKey();
  const sent = newAuthorization(from.walletId, to.walletId, 7);
  const refused = await transfer(sent, key);
  expectProblem(refused, 422, "insufficient_funds");
  const id = String(refused.body["instance"]).slice("/transactions/".length);
  const answer = await capture(id);
  expectProblem(answer, 422, "authorization_rejected");
  expect(answer.body["transactionId"]).toBe(id);
  expect((await get(`/transactions/${id}`)).body).not.toHaveProperty("authorization");
});

test("an authorization that was refused before its wallet was opened, at once", async () => {
  const [keyOfUser, to] = [newKey(), await openUser()];
  const from = walletIdOfUser(userIdFor(tenant, keyOfUser));
  const refused = await transfer(newAuthorization(from, to.walletId, 7));
  expectProblem(refused, 404, "wallet_not_found");
  const id = String(refused.body["instance"]).slice("/transactions/".length);
  await post("/users", { name: "Late" }, keyOfUser);
  const answer = await capture(id);
  expectProblem(answer, 422, "authorization_rejected");
  expect(answer.body["transactionId"]).toBe(id);
  const audit = await get(`/wallets/${from}/audit`);
  expect(audit.body).toMatchObject({ status: "consistent" });
});
