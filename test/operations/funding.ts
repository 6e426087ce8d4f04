// Fundings, for generators and checkers.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { linesBetween, outside, type TestOperation } from "./operation.ts";

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

  bodyOf: ({ type: _type, ...body }) => body,
  read: (body) => ({ ...(body as Omit<Funding, "type">), type: "funding" }),

  originOf: () => undefined,
  linesOf: (request, defaultCurrency) =>
    funding.movedBy(request, defaultCurrency).flatMap(linesBetween),
  movedBy: ({ walletId, amount, currency, provider }, defaultCurrency) => [
    { from: outside(provider), to: walletId, amount, currency: currency ?? defaultCurrency },
  ],
  shownOf: ({ amount, currency, walletId, ...payment }, defaultCurrency) => ({
    amount,
    currency: currency ?? defaultCurrency,
    walletId,
    paymentReference: payment.paymentReference,
    provider: payment.provider ?? "default",
  }),

  renamed: (request, nameOf) => ({ ...request, walletId: nameOf(request.walletId) }),

  paymentOf: ({ provider = "default", paymentReference }) => ({ provider, paymentReference }),
};
