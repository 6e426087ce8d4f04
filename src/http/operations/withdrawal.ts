// POST /transactions/withdraw: money leaves a wallet. Frozen: the wording of a renderer.
import { z } from "@hono/zod-openapi";
import { parseWalletId } from "../../domain/ids.ts";
import type { SentWithdrawal, StoredWithdrawal } from "../../domain/operations/withdrawal.ts";
import * as examples from "../schemas/examples.ts";
import {
  amount,
  currencyCode,
  idOf,
  provider,
  transactionStatus,
  walletId,
  walletIdShown,
} from "../schemas/fields.ts";
import { details, newCurrency, outcome, reversals, texts } from "../schemas/movement.ts";
import { payoutReference } from "../schemas/texts.ts";
import type { HttpOperation } from "./operation.ts";

const WithdrawalInput = z
  .strictObject({
    walletId,
    amount,
    currency: newCurrency,
    payoutReference,
    provider: provider.optional().openapi({
      description: "The provider of the payout. Omitted: `default`.",
    }),
    ...texts,
  })
  .openapi("WithdrawalInput", { description: "A withdrawal to be made." });

const fields = {
  id: idOf("txn", examples.withdrawalId),
  type: z.literal("withdrawal"),
  status: transactionStatus,
  amount,
  currency: currencyCode,
  walletId: walletIdShown,
  payoutReference,
  provider,
  ...details,
};

const Withdrawal = z.object(fields).openapi("Withdrawal", {
  description: "Money that left a wallet for outside.",
});

const WithdrawalDetails = z
  .object({ ...fields, ...outcome, ...reversals })
  .openapi("WithdrawalDetails", {
    description: "A withdrawal with its outcome.",
  });

const body = {
  walletId: examples.adaWalletId,
  amount: 1_500,
  currency: "USD",
  payoutReference: examples.payoutReference,
  provider: examples.provider,
};

const key = examples.exampleKeys.withdrawal;
const sentAt = examples.openedAt + 150_000;

export const withdrawal = {
  type: "withdrawal",
  path: "/transactions/withdraw",
  scopes: ["withdrawals:write"],
  forUsers: false,
  operationId: "withdrawFunds",
  summary: "Withdraw money from a wallet",
  description:
    "Debits the wallet and credits the outside world. A payout reference of a provider can be " +
    "used once. Withdraw first, and send the money once the withdrawal is committed: then it has " +
    "left the wallet. For back ends only, with an API key.",
  does: "takes money out",
  input: WithdrawalInput,
  answer: Withdrawal,
  answerDetails: WithdrawalDetails,
  problems: [],
  example: { key, body, record: examples.committed(key, { type: "withdrawal", ...body }, sentAt) },

  scopesOf: () => ["withdrawals:write"],

  read(sent) {
    const parsed = parseWalletId(sent.walletId);
    if (parsed === undefined) return { problem: "wallet_not_found" };
    return { sent: { type: "withdrawal", ...sent, walletId: parsed }, walletId: parsed };
  },

  render1: (request, { id, status, details: end }) => ({
    id,
    type: request.type,
    status,
    amount: request.amount,
    currency: request.currency,
    walletId: request.walletId,
    payoutReference: request.payoutReference,
    provider: request.provider,
    ...end,
  }),

  seenBy: (_walletId, whole) => whole,
} as const satisfies HttpOperation<
  typeof WithdrawalInput,
  SentWithdrawal,
  StoredWithdrawal,
  z.infer<typeof Withdrawal>
>;
