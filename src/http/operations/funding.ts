// POST /transactions/fund: money enters a wallet from outside. Frozen: the wording of a renderer.
import { z } from "@hono/zod-openapi";
import { parseWalletId } from "../../domain/ids.ts";
import type { SentFunding, StoredFunding } from "../../domain/operations/funding.ts";
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
import { paymentReference } from "../schemas/texts.ts";
import type { HttpOperation } from "./operation.ts";

const FundingInput = z
  .strictObject({
    walletId,
    amount,
    currency: newCurrency,
    paymentReference,
    provider: provider.optional().openapi({
      description: "The provider of the payment. Omitted: `default`.",
    }),
    ...texts,
  })
  .openapi("FundingInput", { description: "A funding to be made." });

const fields = {
  id: idOf("txn", examples.fundingId),
  type: z.literal("funding"),
  status: transactionStatus,
  amount,
  currency: currencyCode,
  walletId: walletIdShown,
  paymentReference,
  provider,
  ...details,
};

const Funding = z.object(fields).openapi("Funding", {
  description: "Money that entered a wallet from outside.",
});

const FundingDetails = z.object({ ...fields, ...outcome, ...reversals }).openapi("FundingDetails", {
  description: "A funding with its outcome.",
});

const body = {
  walletId: examples.adaWalletId,
  amount: 10_000,
  currency: "USD",
  paymentReference: examples.paymentReference,
  provider: examples.provider,
};

const key = examples.exampleKeys.funding;
const sentAt = examples.openedAt + 60_000;

export const funding = {
  type: "funding",
  path: "/transactions/fund",
  scopes: ["funding:write"],
  forUsers: false,
  operationId: "fundWallet",
  summary: "Fund a wallet from outside",
  description:
    "Credits the wallet and debits the outside world. A payment reference of a provider can be " +
    "used once.",
  does: "brings money in from outside",
  input: FundingInput,
  answer: Funding,
  answerDetails: FundingDetails,
  problems: [],
  example: { key, body, record: examples.committed(key, { type: "funding", ...body }, sentAt) },

  scopesOf: () => ["funding:write"],

  read(sent) {
    const parsed = parseWalletId(sent.walletId);
    if (parsed === undefined) return { problem: "wallet_not_found" };
    return { sent: { type: "funding", ...sent, walletId: parsed }, walletId: parsed };
  },

  render1: (request, { id, status, details: end }) => ({
    id,
    type: request.type,
    status,
    amount: request.amount,
    currency: request.currency,
    walletId: request.walletId,
    paymentReference: request.paymentReference,
    provider: request.provider,
    ...end,
  }),

  seenBy: (_walletId, whole) => whole,
} as const satisfies HttpOperation<
  typeof FundingInput,
  SentFunding,
  StoredFunding,
  z.infer<typeof Funding>
>;
