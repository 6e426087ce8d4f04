// Capture: reserved money goes to the receiver, all of it or a part; the rest is available again.
// An authorization is captured once, and a payout by its reference once, like a withdrawal. Frozen:
// the stored shape and the fingerprint's fields.
import { has, isMoney, isName, isOptional } from "../shape.ts";
import { authorizedFields, endOf, ownLine, receiverOf, type Authorized } from "./authorization.ts";
import {
  isType,
  linesBetween,
  payoutClaim,
  storedTexts,
  type Operation,
  type OutgoingPayment,
  type RequestTexts,
} from "./operation.ts";

interface CaptureFields extends RequestTexts {
  readonly type: "capture";
  /** As it is recorded: nothing here is the client's own word. */
  readonly authorization: Authorized;
  /** Of a payout. As sent, omitted where the authorization has it. */
  readonly payoutReference?: string;
}

export interface SentCapture extends CaptureFields {
  /** Minor units, up to what is authorized. */
  readonly amount?: number;
}

export interface StoredCapture extends CaptureFields {
  readonly amount: number;
}

/** Why a capture cannot have this reference, or none. */
export type ReferenceFlaw =
  "not_a_payout" | "payout_reference_missing" | "payout_reference_differs";

/** A payout has its reference from its authorization, or from its capture. */
export function flawOfReference(
  { provider, payoutReference: known }: Authorized,
  sent: string | undefined,
): ReferenceFlaw | undefined {
  if (provider === undefined) return sent === undefined ? undefined : "not_a_payout";
  const reference = sent ?? known;
  if (reference === undefined) return "payout_reference_missing";
  return known !== undefined && reference !== known ? "payout_reference_differs" : undefined;
}

function payoutOf({ authorization, payoutReference }: StoredCapture): OutgoingPayment | undefined {
  const { provider } = authorization;
  if (provider === undefined) return undefined;
  if (payoutReference === undefined) throw new Error("a payout has a reference");
  return { provider, payoutReference };
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
    "duplicate_payout_reference",
    "balance_limit_exceeded",
    "transaction_expired",
  ],

  countsAsSpending: false,

  endsAs: "authorization_captured",

  storedFields: {
    type: isType("capture"),
    authorization: has(authorizedFields),
    amount: isMoney,
    payoutReference: isOptional(isName),
    ...storedTexts,
  },

  resolve(sent) {
    const { amount = sent.authorization.amount } = sent;
    const { payoutReference = sent.authorization.payoutReference } = sent;
    return { ...sent, amount, ...(payoutReference !== undefined && { payoutReference }) };
  },

  // The other fields follow from the authorization. A request that omits the amount and one that
  // sends all of it differ, and so with the reference that the authorization has.
  fingerprintFields: ({ authorization, amount, payoutReference }) => [
    authorization.transactionId,
    amount ?? null,
    ...(payoutReference === undefined ? [] : [payoutReference]),
  ],

  movementOf(request) {
    const { authorization, amount } = request;
    const { fromWalletId, amount: authorized, currency } = authorization;
    const receiver = receiverOf(authorization);
    const [, credit] = linesBetween(fromWalletId, receiver, { amount, currency });
    const rest = authorized - amount;
    const end = endOf(authorization, [
      {
        ...ownLine(authorization, { bucket: "reserved", direction: "debit", amount: authorized }),
        counterparty: receiver,
      },
      credit,
      ...(rest > 0
        ? [ownLine(authorization, { bucket: "available", direction: "credit", amount: rest })]
        : []),
    ]);
    const payout = payoutOf(request);
    if (!payout) return end;
    return { ...end, claims: [...end.claims, { account: receiver, ...payoutClaim(payout) }] };
  },

  externalPaymentOf: payoutOf,

  reversibleAmounts: ({ authorization, amount }) => [
    {
      from: authorization.fromWalletId,
      to: receiverOf(authorization),
      amount,
      currency: authorization.currency,
    },
  ],

  // Its accounts are asked for no votes after the authorization has expired. Votes that were asked
  // for before may still commit it.
  deadlineOf: ({ authorization }, usual) => Math.min(usual, authorization.expiresAt),
};
