// POST /transactions/withdraw: money leaves a wallet, or is reserved for that. Frozen: the wording
// of a renderer.
import { z } from "@hono/zod-openapi";
import { parseWalletId } from "../../domain/ids.ts";
import type { SentAuthorization } from "../../domain/operations/authorization.ts";
import type { SentWithdrawal, StoredWithdrawal } from "../../domain/operations/withdrawal.ts";
import type { Exact } from "../context.ts";
import { expiresIn, manualCapture } from "../schemas/authorization.ts";
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
import { Authorization } from "./authorization.ts";
import type { HttpOperation } from "./operation.ts";

const WithdrawalInput = z
  .strictObject({
    walletId,
    amount,
    currency: newCurrency,
    payoutReference: payoutReference.optional().openapi({
      description:
        "The identifier of the payout at the provider; it can pay out once only. Required " +
        "without `capture`; with it, the reference may come with the capture instead.",
    }),
    provider: provider.optional().openapi({
      description: "The provider of the payout. Omitted: `default`.",
    }),
    capture: manualCapture,
    expiresIn: expiresIn.optional(),
    ...texts,
  })
  .refine(({ capture, payoutReference: sent }) => capture !== undefined || sent !== undefined, {
    path: ["payoutReference"],
    error: 'Required, unless "capture" is "manual".',
  })
  .refine(({ capture, expiresIn: seconds }) => capture !== undefined || seconds === undefined, {
    path: ["expiresIn"],
    error: 'Only with "capture": "manual".',
  })
  .openapi("WithdrawalInput", { description: "A withdrawal to be made." });

type WithdrawalBody = Exact<z.output<typeof WithdrawalInput>>;

/** A withdrawal has a reference, which the schema sees to. */
function requestOf(
  {
    capture,
    expiresIn: seconds,
    walletId: _sent,
    payoutReference: reference,
    ...asked
  }: WithdrawalBody,
  fromWalletId: string,
): SentWithdrawal | SentAuthorization {
  if (capture === undefined) {
    if (reference === undefined) throw new Error("a withdrawal has a reference");
    return { type: "withdrawal", ...asked, walletId: fromWalletId, payoutReference: reference };
  }
  return {
    type: "authorization",
    ...asked,
    fromWalletId,
    ...(reference !== undefined && { payoutReference: reference }),
    ...(seconds !== undefined && { expiresIn: seconds }),
  };
}

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
  scopes: ["withdrawals:write", "transfers:write"],
  forUsers: true,
  operationId: "withdrawFunds",
  summary: "Withdraw money from a wallet",
  description:
    "Debits the wallet and credits the outside world. A payout reference of a provider can be " +
    "used once. Withdraw first, and send the money once the withdrawal is committed: then it has " +
    "left the wallet. With `capture` the money is reserved instead, until the payout is sure: " +
    "the answer is an authorization. A payout that comes back is reversed.\n\n" +
    "What names a payout reference needs the scope `withdrawals:write`, and is for back ends " +
    "only. An authorization without one leaves the money in the wallet and needs " +
    "`transfers:write`; a user token may ask for it, of the user's own wallet.",
  does: "takes money out",
  input: WithdrawalInput,
  answer: Withdrawal,
  otherAnswers: [Authorization],
  answerDetails: WithdrawalDetails,
  problems: [],
  example: { key, body, record: examples.committed(key, { type: "withdrawal", ...body }, sentAt) },

  scopesOf: ({ payoutReference: reference }) =>
    reference === undefined ? ["transfers:write"] : ["withdrawals:write"],

  read(sent) {
    const parsed = parseWalletId(sent.walletId);
    if (parsed === undefined) return { problem: "wallet_not_found" };
    return { sent: requestOf(sent, parsed), walletId: parsed, spends: parsed };
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
  SentWithdrawal | SentAuthorization,
  StoredWithdrawal,
  z.infer<typeof Withdrawal>
>;
