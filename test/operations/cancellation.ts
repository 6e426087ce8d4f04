// Cancellations, for generators and checkers.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { renamedAuthorization, someAuthorization } from "./authorization.ts";
import type { TestOperation } from "./operation.ts";

type Cancellation = Extract<SentRequest, { type: "cancellation" }>;

export const cancellation: TestOperation<Cancellation> = {
  type: "cancellation",
  path: "/transactions/{id}/cancel",
  share: 0,
  staysInside: true,

  request: (source) => ({
    type: "cancellation",
    authorization: someAuthorization(source),
  }),

  movesOf: () => [],
  renamed: (request, nameOf) => ({
    ...request,
    authorization: renamedAuthorization(request.authorization, nameOf),
  }),

  paymentOf: () => undefined,
};
