// Capture: reserved money goes to the receiver, all of it or a part; the rest is available again.
// An authorization is captured once. Frozen: the stored shape and the fingerprint's fields.
import { has, isMoney } from "../shape.ts";
import { authorizedFields, endOf, ownLine, type Authorized } from "./authorization.ts";
import {
  isType,
  linesBetween,
  storedTexts,
  type Operation,
  type RequestTexts,
} from "./operation.ts";

interface CaptureFields extends RequestTexts {
  readonly type: "capture";
  /** As it is recorded: nothing here is the client's own word. */
  readonly authorization: Authorized;
}

export interface SentCapture extends CaptureFields {
  /** Minor units, up to what is authorized. */
  readonly amount?: number;
}

export interface StoredCapture extends CaptureFields {
  readonly amount: number;
}

export const capture: Operation<SentCapture, StoredCapture> = {
  type: "capture",

  refusals: [
    "wallet_not_found",
    "wallet_frozen",
    "authorization_rejected",
    "authorization_captured",
    "authorization_cancelled",
    "authorization_expired",
    "balance_limit_exceeded",
    "transaction_expired",
  ],

  countsAsSpending: false,

  endsAs: "authorization_captured",

  storedFields: {
    type: isType("capture"),
    authorization: has(authorizedFields),
    amount: isMoney,
    ...storedTexts,
  },

  resolve: (sent) => ({ ...sent, amount: sent.amount ?? sent.authorization.amount }),

  // The other fields follow from the authorization. A request that omits the amount and one that
  // sends all of it differ.
  fingerprintFields: ({ authorization, amount }) => [authorization.transactionId, amount ?? null],

  movementOf({ authorization, amount }) {
    const { fromWalletId, toWalletId, amount: authorized, currency } = authorization;
    const [, credit] = linesBetween(fromWalletId, toWalletId, { amount, currency });
    const rest = authorized - amount;
    return endOf(authorization, [
      {
        ...ownLine(authorization, { bucket: "reserved", direction: "debit", amount: authorized }),
        counterparty: toWalletId,
      },
      credit,
      ...(rest > 0
        ? [ownLine(authorization, { bucket: "available", direction: "credit", amount: rest })]
        : []),
    ]);
  },

  externalPaymentOf: () => undefined,

  reversibleAmounts: ({ authorization, amount }) => [
    {
      from: authorization.fromWalletId,
      to: authorization.toWalletId,
      amount,
      currency: authorization.currency,
    },
  ],

  // Its accounts are asked for no votes after the authorization has expired. Votes that were asked
  // for before may still commit it.
  deadlineOf: ({ authorization }, usual) => Math.min(usual, authorization.expiresAt),
};
