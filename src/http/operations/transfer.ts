// POST /transactions/transfer: money moves from one wallet to another. Frozen: the wording of a
// renderer.
import { z } from "@hono/zod-openapi";
import { parseWalletId } from "../../domain/ids.ts";
import type { SentAuthorization } from "../../domain/operations/authorization.ts";
import type { SentTransfer, StoredTransfer } from "../../domain/operations/transfer.ts";
import { expiresIn, manualCapture } from "../schemas/authorization.ts";
import * as examples from "../schemas/examples.ts";
import {
  amount,
  currencyCode,
  idOf,
  transactionIdShown,
  transactionStatus,
  walletId,
  walletIdShown,
} from "../schemas/fields.ts";
import { details, newCurrency, outcome, reversals, texts } from "../schemas/movement.ts";
import { Authorization } from "./authorization.ts";
import type { HttpOperation } from "./operation.ts";

const TransferInput = z
  .strictObject({
    fromWalletId: walletId,
    toWalletId: walletId.openapi({ example: examples.benWalletId }),
    amount,
    currency: newCurrency,
    capture: manualCapture,
    expiresIn: expiresIn.optional(),
    ...texts,
  })
  .refine(({ capture, expiresIn: seconds }) => capture !== undefined || seconds === undefined, {
    path: ["expiresIn"],
    error: 'Only with "capture": "manual".',
  })
  .openapi("TransferInput", { description: "A transfer to be made." });

const fields = {
  id: transactionIdShown,
  type: z.literal("transfer"),
  status: transactionStatus,
  amount,
  currency: currencyCode,
  fromWalletId: walletIdShown.openapi({ description: "The sender." }),
  toWalletId: idOf("wal", examples.benWalletId).openapi({ description: "The receiver." }),
  ...details,
};

const Transfer = z.object(fields).openapi("Transfer", {
  description: "Money that moved between two wallets.",
});

const TransferDetails = z
  .object({ ...fields, ...outcome, ...reversals })
  .openapi("TransferDetails", {
    description: "A transfer with its outcome.",
  });

const body = {
  fromWalletId: examples.adaWalletId,
  toWalletId: examples.benWalletId,
  amount: 2_500,
  currency: "USD",
  description: "Dinner on Friday",
};

const key = examples.exampleKeys.transfer;
const sentAt = examples.openedAt + 120_000;

/** True if both ids mean the same wallet. Malformed ids are compared as text. */
function isSameWallet(left: string, right: string): boolean {
  return (parseWalletId(left) ?? left) === (parseWalletId(right) ?? right);
}

export const transfer = {
  type: "transfer",
  path: "/transactions/transfer",
  scopes: ["transfers:write"],
  forUsers: true,
  operationId: "transferFunds",
  summary: "Move money between wallets",
  description:
    "Debits the sender and credits the receiver atomically. With `capture` it reserves the money " +
    "instead: the answer is an authorization.",
  does: "moves it between wallets",
  input: TransferInput,
  answer: Transfer,
  otherAnswers: [Authorization],
  answerDetails: TransferDetails,
  problems: ["same_wallet"],
  example: { key, body, record: examples.committed(key, { type: "transfer", ...body }, sentAt) },

  scopesOf: () => ["transfers:write"],

  read(sent) {
    if (isSameWallet(sent.fromWalletId, sent.toWalletId)) return { problem: "same_wallet" };
    const fromWalletId = parseWalletId(sent.fromWalletId);
    const toWalletId = parseWalletId(sent.toWalletId);
    if (fromWalletId === undefined || toWalletId === undefined) {
      return { problem: "wallet_not_found" };
    }
    const { capture, expiresIn: seconds, ...asked } = sent;
    const moved = { ...asked, fromWalletId, toWalletId };
    const request =
      capture === undefined
        ? ({ type: "transfer", ...moved } as const)
        : ({
            type: "authorization",
            ...moved,
            ...(seconds !== undefined && { expiresIn: seconds }),
          } as const);
    return { sent: request, walletId: fromWalletId, spends: fromWalletId };
  },

  render1: (request, { id, status, details: end }) => ({
    id,
    type: request.type,
    status,
    amount: request.amount,
    currency: request.currency,
    fromWalletId: request.fromWalletId,
    toWalletId: request.toWalletId,
    ...end,
  }),

  seenBy: (_walletId, whole) => whole,
} as const satisfies HttpOperation<
  typeof TransferInput,
  SentTransfer | SentAuthorization,
  StoredTransfer,
  z.infer<typeof Transfer>
>;
