// Expiries, for generators and checkers.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import {
  authorizedBy,
  linesInside,
  ofReceiver,
  renamedAuthorization,
  reservedIn,
  shownIn,
} from "./authorization.ts";
import type { TestOperation } from "./operation.ts";

type Expiry = Extract<SentRequest, { type: "expiry" }>;

export const expiry: TestOperation<Expiry> = {
  type: "expiry",
  share: 0,
  staysInside: true,
  endsAs: "expired",
  omissible: ofReceiver,

  request: (source) => expiry.read({}, source.authorized?.()),
  bodyOf: () => ({}),
  read(_body, origin) {
    const authorization = authorizedBy(origin);
    return authorization && { type: "expiry", authorization };
  },

  originOf: ({ authorization }) => authorization.transactionId,
  linesOf: ({ authorization }) => linesInside(reservedIn(authorization), "reserved", "available"),
  movedBy: () => [],
  shownOf: ({ authorization }) => shownIn(authorization),

  renamed: (request, nameOf) => ({
    ...request,
    authorization: renamedAuthorization(request.authorization, nameOf),
  }),

  paymentOf: () => undefined,
};
