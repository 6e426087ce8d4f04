// Cancellation: reserved money is available again, before its authorization expires. Frozen: the
// stored shape and the fingerprint's fields.
import { has } from "../shape.ts";
import { authorizedFields, givingBack, type Authorized } from "./authorization.ts";
import { isType, storedTexts, type Operation, type RequestTexts } from "./operation.ts";

export interface SentCancellation extends RequestTexts {
  readonly type: "cancellation";
  /** As it is recorded: nothing here is the client's own word. */
  readonly authorization: Authorized;
}

export type StoredCancellation = SentCancellation;

export const cancellation: Operation<SentCancellation, StoredCancellation> = {
  type: "cancellation",

  refusals: [
    "wallet_not_found",
    "authorization_rejected",
    "authorization_captured",
    "authorization_cancelled",
    "authorization_expired",
    "transaction_expired",
  ],

  countsAsSpending: false,

  endsAs: "authorization_cancelled",

  storedFields: {
    type: isType("cancellation"),
    authorization: has(authorizedFields),
    ...storedTexts,
  },

  resolve: (sent) => sent,

  fingerprintFields: ({ authorization }) => [authorization.transactionId],

  movementOf: ({ authorization }) => givingBack(authorization),

  externalPaymentOf: () => undefined,

  reversibleAmounts: () => [],
};
