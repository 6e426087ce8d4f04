// Cancellations, for generators and checkers.
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

type Cancellation = Extract<SentRequest, { type: "cancellation" }>;

export const cancellation: TestOperation<Cancellation> = {
  type: "cancellation",
  path: "/transactions/{id}/cancel",
  share: 0.02,
  staysInside: true,
  endsAs: "cancelled",
  omissible: ofReceiver,

  request(source) {
    const authorization = authorizedBy(source.authorized?.());
    if (!authorization) return undefined;
    return { type: "cancellation", authorization, description: "sold out" };
  },

  bodyOf: ({ description: reason }) => (reason === undefined ? {} : { reason }),
  read(body, origin) {
    const authorization = authorizedBy(origin);
    const { reason } = body as { readonly reason?: string };
    const why = reason === undefined ? {} : { description: reason };
    return authorization && { type: "cancellation", authorization, ...why };
  },

  originOf: ({ authorization }) => authorization.transactionId,
  linesOf: ({ authorization }) => linesInside(reservedIn(authorization), "reserved", "available"),
  movedBy: () => [],
  shownOf: ({ authorization, description: reason }) => ({
    ...shownIn(authorization),
    ...(reason !== undefined && { reason }),
  }),

  renamed: (request, nameOf) => ({
    ...request,
    authorization: renamedAuthorization(request.authorization, nameOf),
  }),

  paymentOf: () => undefined,
};
