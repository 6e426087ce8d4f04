// Guarantee: a withdrawal with "capture": "manual" reserves the money: it stays in its wallet and
// cannot be spent, and leaves it only by a capture that names the payout.
import { expect, test } from "vitest";
import { expectProblem, get, pathsOf } from "../../support/http.ts";
import {
  cancel,
  capture,
  newPayout,
  newTransfer,
  newWithdrawal,
  transfer,
  withdraw,
} from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

test("the money is reserved, in two entries of the wallet, and the reference is kept", async () => {
  const { walletId: account, userId } = await openFunded(10);
  const payout = { provider: "bank", payoutReference: newKey() };
  const more = { ...payout, expiresIn: 60, description: "to my bank", metadata: { a: "b" } };
  const answer = await withdraw(newPayout(userId, 4, more));
  expect(answer.status).toBe(201);
  const { createdAt, id, ...rest } = answer.body;
  expect(rest).toEqual({
    type: "authorization",
    status: "committed",
    amount: 4,
    currency: "USD",
    fromWalletId: account,
    ...payout,
    expiresIn: 60,
    expiresAt: new Date(Date.parse(String(createdAt)) + 60_000).toISOString(),
    description: "to my bank",
    metadata: { a: "b" },
    legs: [
      { account, direction: "debit", amount: 4, currency: "USD" },
      { account, bucket: "reserved", direction: "credit", amount: 4, currency: "USD" },
    ],
  });
  const { body } = await get(`/wallets/${account}/balance`);
  expect(body).toMatchObject({ balance: 10, available: 6, reserved: 4 });
  const read = await get(`/transactions/${String(id)}`);
  expect(read.body).toMatchObject({ ...answer.body, authorization: { status: "open" } });
});

test("without a reference, provider and time, the provider is the default one", async () => {
  const { walletId } = await openFunded(10);
  const { body } = await withdraw(newPayout(walletId, 4));
  expect(body).toMatchObject({ provider: "default", expiresIn: 604_800 });
  expect(body).not.toHaveProperty("payoutReference");
  expect(body).not.toHaveProperty("toWalletId");
});

test("a replay has the same bytes; another reference, or none, is another request", async () => {
  const { walletId } = await openFunded(10);
  const [key, payoutReference] = [newKey(), newKey()];
  const sent = newPayout(walletId, 4, { payoutReference });
  const first = await withdraw(sent, key);
  const again = await withdraw(sent, key);
  expect([again.status, again.text]).toEqual([201, first.text]);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  for (const other of [{}, { payoutReference: newKey() }, { payoutReference, expiresIn: 60 }]) {
    const answer = await withdraw(newPayout(walletId, 4, other), key);
    expectProblem(answer, 422, "idempotency_key_reused");
  }
  const plain = await withdraw(newWithdrawal(walletId, 4, { payoutReference }), key);
  expectProblem(plain, 422, "idempotency_key_reused");
});

test("a reference is used by what leaves, not by what is reserved for it", async () => {
  const { walletId } = await openFunded(10);
  const payoutReference = newKey();
  const [one, two] = await Promise.all([
    withdraw(newPayout(walletId, 2, { payoutReference })),
    withdraw(newPayout(walletId, 2, { payoutReference })),
  ]);
  expect([one.status, two.status]).toEqual([201, 201]);
  const found = await get(`/transactions?payoutReference=${payoutReference}`);
  expect(found.body["data"]).toEqual([]);
  const gone = await withdraw(newWithdrawal(walletId, 3, { payoutReference }));
  expect(gone.status).toBe(201);
  const late = await capture(String(one.body["id"]));
  expectProblem(late, 409, "duplicate_payout_reference");
  expect(late.body["transactionId"]).toBe(gone.body["id"]);
});

test("what is reserved cannot be spent, and what is not there is not reserved", async () => {
  const [{ walletId }, to] = await Promise.all([openFunded(10), openUser()]);
  const reserved = await withdraw(newPayout(walletId, 8));
  const spent = await transfer(newTransfer(walletId, to.walletId, 3));
  expectProblem(spent, 422, "insufficient_funds");
  expectProblem(await withdraw(newPayout(walletId, 3)), 422, "insufficient_funds");
  const cancelled = await cancel(String(reserved.body["id"]), { reason: "wrong bank" });
  expect(cancelled.body).toMatchObject({
    type: "cancellation",
    authorizationId: reserved.body["id"],
    fromWalletId: walletId,
    provider: "default",
    reason: "wrong bank",
  });
  expect((await transfer(newTransfer(walletId, to.walletId, 3))).status).toBe(201);
});

test.each([
  ["another way to capture", { capture: "automatic" }, "capture"],
  ["59 seconds", { expiresIn: 59 }, "expiresIn"],
  ["more than 31 days", { expiresIn: 2_678_401 }, "expiresIn"],
  ["an empty reference", { payoutReference: "" }, "payoutReference"],
  ["a receiver's wallet", { toWalletId: `wal_${"0".repeat(26)}` }, "toWalletId"],
])("it is not valid with %s", async (_name, more, path) => {
  const { walletId } = await openUser();
  const answer = await withdraw(newPayout(walletId, 4, more));
  expectProblem(answer, 400, "validation_failed");
  expect(pathsOf(answer)).toEqual([path]);
});

test("a withdrawal at once has no time, and has a reference", async () => {
  const { walletId } = await openUser();
  const timed = await withdraw(newWithdrawal(walletId, 4, { expiresIn: 60 }));
  expect([timed.status, pathsOf(timed)]).toEqual([400, ["expiresIn"]]);
  const nameless = await withdraw({ walletId, amount: 4 });
  expect([nameless.status, pathsOf(nameless)]).toEqual([400, ["payoutReference"]]);
});
