// Guarantee: a transfer with "capture": "manual" reserves the money: it stays in its wallet, cannot
// be spent, and goes to nobody until it is captured.
import { expect, test } from "vitest";
import { expectProblem, get, pathsOf } from "../../support/http.ts";
import {
  authorize,
  cancel,
  capture,
  newAuthorization,
  newTransfer,
  transfer,
} from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

test("the money is reserved, in two entries of the sender's wallet", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const more = { expiresIn: 60, description: "room 7" };
  const answer = await transfer(newAuthorization(from.walletId, to.walletId, 4, more));
  expect(answer.status).toBe(201);
  const { createdAt, id, ...rest } = answer.body;
  const account = from.walletId;
  expect(rest).toEqual({
    type: "authorization",
    status: "committed",
    amount: 4,
    currency: "USD",
    fromWalletId: from.walletId,
    toWalletId: to.walletId,
    expiresIn: 60,
    expiresAt: new Date(Date.parse(String(createdAt)) + 60_000).toISOString(),
    description: "room 7",
    legs: [
      { account, direction: "debit", amount: 4, currency: "USD" },
      { account, bucket: "reserved", direction: "credit", amount: 4, currency: "USD" },
    ],
  });
  const { body } = await get(`/wallets/${from.walletId}/balance`);
  expect(body).toMatchObject({ balance: 10, available: 6, reserved: 4, held: 4, incoming: 0 });
  const received = await get(`/wallets/${to.walletId}/balance`);
  expect(received.body).toMatchObject({ balance: 0, reserved: 0, incoming: 0 });
  const read = await get(`/transactions/${String(id)}`);
  const { expiresAt } = rest as { readonly expiresAt?: string };
  expect(read.body["authorization"]).toEqual({ status: "open", expiresAt });
});

test("without a time it is reserved for 7 days", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const answer = await transfer(newAuthorization(from.walletId, to.walletId, 4));
  expect(answer.body["expiresIn"]).toBe(604_800);
});

test("what is reserved cannot be spent, and what is not there is not reserved", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  await authorize(from.walletId, to.walletId, 8);
  const spent = await transfer(newTransfer(from.walletId, to.walletId, 3));
  expectProblem(spent, 422, "insufficient_funds");
  const reserved = await transfer(newAuthorization(from.walletId, to.walletId, 3));
  expectProblem(reserved, 422, "insufficient_funds");
});

test.each([
  ["another way to capture", { capture: "automatic" }, "capture"],
  ["59 seconds", { capture: "manual", expiresIn: 59 }, "expiresIn"],
  ["more than 31 days", { capture: "manual", expiresIn: 2_678_401 }, "expiresIn"],
  ["a time for a transfer", { expiresIn: 60 }, "expiresIn"],
])("it is not valid with %s", async (_name, more, path) => {
  const [from, to] = await Promise.all([openUser(), openUser()]);
  const answer = await transfer(newTransfer(from.walletId, to.walletId, 4, more));
  expectProblem(answer, 400, "validation_failed");
  expect(pathsOf(answer)).toEqual([path]);
});

test("a key of a transfer is no key of an authorization", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const key = newKey();
  await transfer(newTransfer(from.walletId, to.walletId, 4), key);
  const answer = await transfer(newAuthorization(from.walletId, to.walletId, 4), key);
  expectProblem(answer, 422, "idempotency_key_reused");
});

test("its state names what has ended it", async () => {
  const [from, to] = await Promise.all([openFunded(10), openUser()]);
  const captured = await authorize(from.walletId, to.walletId, 4);
  const cancelled = await authorize(from.walletId, to.walletId, 4);
  const ends = await Promise.all([capture(captured), cancel(cancelled)]);
  const read = await Promise.all([captured, cancelled].map((id) => get(`/transactions/${id}`)));
  expect(read.map(({ body }) => body["authorization"])).toMatchObject([
    { status: "captured", endedBy: ends[0].body["id"] },
    { status: "cancelled", endedBy: ends[1].body["id"] },
  ]);
});
