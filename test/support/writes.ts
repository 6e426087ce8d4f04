// The writes of the API, for what holds for each of them: a path, and a body that would be accepted.
import {
  authorize,
  authorizePayout,
  fund,
  item,
  newFunding,
  newPayout,
  newTransfer,
  newWithdrawal,
  posting,
  reversePath,
} from "./http-ledger.ts";
import { openFunded, openUser } from "./http-users.ts";
import { newKey } from "./keys.ts";

export interface Write {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The status of its answer. */
  readonly success: number;
  readonly bytesMax: number;
}

/** One item of each operation. */
async function goodItems(from: string, to: string, funding: unknown): Promise<readonly object[]> {
  const [captured, cancelled] = await Promise.all([authorize(from, to, 5), authorize(from, to, 5)]);
  return [
    item("funding", newFunding(to, 5)),
    item("transfer", newTransfer(from, to, 5, { description: "Wages" })),
    item("withdrawal", newWithdrawal(from, 5)),
    item("split", { postings: [posting(from, to, 5)] }),
    item("capture", { transactionId: captured, amount: 5 }),
    item("cancellation", { transactionId: cancelled, reason: "sold out" }),
    item("reversal", { transactionId: funding, amount: 5 }),
  ];
}

/** Each write with a body that is good once; the wallets are new. */
export async function goodWrites(): Promise<readonly [Write, Write, Write, ...Write[]]> {
  const [funded, from, to] = await Promise.all([openUser(), openFunded(1_000), openUser()]);
  const other = await openUser();
  const reversed = await fund(newFunding(other.walletId, 500));
  const [captured, cancelled, payout] = await Promise.all([
    authorize(from.walletId, to.walletId, 5),
    authorize(from.walletId, to.walletId, 5),
    authorizePayout(from.walletId, 5),
  ]);
  const usual = { success: 201, bytesMax: 80 * 1024 };
  const items = await goodItems(from.walletId, to.walletId, reversed.body["id"]);
  return [
    { path: "/users", body: { name: "Ada" }, ...usual },
    { path: "/transactions/fund", body: newFunding(funded.walletId, 5), ...usual },
    { path: "/transactions/transfer", body: newTransfer(from.walletId, to.walletId, 5), ...usual },
    { path: "/transactions/withdraw", body: newWithdrawal(from.walletId, 5), ...usual },
    {
      path: "/transactions/withdraw",
      body: newPayout(from.walletId, 5, { payoutReference: newKey(), expiresIn: 60 }),
      ...usual,
    },
    {
      path: "/transactions",
      body: { postings: [posting(from.walletId, to.walletId, 5)] },
      ...usual,
    },
    {
      path: "/transactions/batch",
      body: { items },
      success: 200,
      bytesMax: 1024 * 1024,
    },
    { path: `/transactions/${captured}/capture`, body: { amount: 5 }, ...usual },
    {
      path: `/transactions/${payout}/capture`,
      body: { amount: 5, payoutReference: newKey() },
      ...usual,
    },
    { path: `/transactions/${cancelled}/cancel`, body: { reason: "sold out" }, ...usual },
    { path: reversePath(reversed.body["id"]), body: { amount: 5 }, ...usual },
    { path: `/wallets/${to.walletId}/freezes`, body: { frozen: true, reason: "stolen" }, ...usual },
  ];
}
