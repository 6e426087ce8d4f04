// A tour of the ledger with a client that was generated from docs/openapi.json.
import assert from "node:assert/strict";
import { client } from "./ledger/client.gen.ts";
import {
  createUser,
  fundWallet,
  getWalletBalance,
  listTransactions,
  transferFunds,
} from "./ledger/index.ts";

const more = 5_000_000_000; // more than 32 bits hold

client.setConfig({ baseUrl: process.argv[2] ?? "http://localhost:8787", throwOnError: true });
const key = (name: string) => ({ "Idempotency-Key": `typescript-${name}` });

const ada = await createUser({
  headers: key("ada"),
  body: { name: "Ada Lovelace", metadata: { plan: "tour" } },
  throwOnError: true,
});
const ben = await createUser({ headers: key("ben"), body: { name: "Ben" }, throwOnError: true });
const { walletId } = ada.data;

const funded = await fundWallet({
  headers: key("fund"),
  body: { walletId, amount: more, currency: "USD", paymentReference: "typescript-1" },
  throwOnError: true,
});
assert.equal(funded.data.paymentReference, "typescript-1");
assert.equal(funded.data.status, "committed");

const body = { fromWalletId: walletId, toWalletId: ben.data.walletId, amount: 1, currency: "USD" };
const paid = await transferFunds({ headers: key("pay"), body, throwOnError: true });
assert.equal(paid.data.toWalletId, ben.data.walletId);

const tooMuch = { ...body, amount: more };
const refused = await transferFunds({
  headers: key("too-much"),
  body: tooMuch,
  throwOnError: false,
});
assert.equal(refused.error?.code, "insufficient_funds");

const path = { userId: walletId };
const { data: balance } = await getWalletBalance({ path, throwOnError: true });
assert.equal(balance.balance, more - 1);
assert.deepEqual(
  balance.balances.map(({ currency }) => currency),
  ["USD"],
);
const { data: history } = await listTransactions({ query: { walletId }, throwOnError: true });
assert.deepEqual(
  history.data.map((entry) => [entry.type, "balanceAfter" in entry && entry.balanceAfter]),
  [
    ["transfer", more - 1],
    ["funding", more],
  ],
);
console.log("The tour went as it should.");
