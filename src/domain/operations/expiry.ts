// Expiry: reserved money is available again because the time of its authorization is over. Recorded
// by the authorization's log, never asked for by a client. Frozen: the stored shape and the
// fingerprint's fields.
import { has } from "../shape.ts";
import { authorizedFields, givingBack, type Expiring } from "./authorization.ts";
import { isType, storedTexts, type Operation, type RequestTexts } from "./operation.ts";

export interface StoredExpiry extends Expiring, RequestTexts {}

export const expiry: Operation<StoredExpiry, StoredExpiry> = {
  type: "expiry",

  refusals: ["authorization_captured", "authorization_cancelled"],

  countsAsSpending: false,

  endsAs: "authorization_expired",

  storedFields: {
    type: isType("expiry"),
    authorization: has(authorizedFields),
    ...storedTexts,
  },

  resolve: (sent) => sent,

  fingerprintFields: ({ authorization }) => [authorization.transactionId],

  movementOf: ({ authorization }) => givingBack(authorization),

  externalPaymentOf: () => undefined,

  reversibleAmounts: () => [],

  // It takes place, however long its wallet does not answer, unless another end has.
  deadlineOf: () => undefined,
};
