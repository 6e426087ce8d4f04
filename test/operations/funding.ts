// Fundings, for generators and checkers.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import type { TestOperation } from "./operation.ts";

type Funding = Extract<SentRequest, { type: "funding" }>;

export const funding: TestOperation<Funding> = {
  type: "funding",
  path: "/transactions/fund",
  share: 0.3,
  staysInside: false,

  request(source) {
    const payment = source.payment();
    return { type: "funding", walletId: source.wallet(), ...payment, ...source.details() };
  },

  movesOf: ({ walletId, amount }) => [{ to: walletId, amount }],
  renamed: (request, nameOf) => ({ ...request, walletId: nameOf(request.walletId) }),

  paymentOf: ({ provider = "default", paymentReference }) => ({ provider, paymentReference }),
};
