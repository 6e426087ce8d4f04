// Withdrawals, for generators and checkers. Their references are those that payments have, too.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { linesBetween, outside, type TestOperation } from "./operation.ts";

type Withdrawal = Extract<SentRequest, { type: "withdrawal" }>;

export const withdrawal: TestOperation<Withdrawal> = {
  type: "withdrawal",
  path: "/transactions/withdraw",
  share: 0.1,
  staysInside: false,

  request(source) {
    const { paymentReference: payoutReference, ...payment } = source.payment();
    const wallet = { walletId: source.wallet(), payoutReference };
    return { type: "withdrawal", ...wallet, ...payment, ...source.details() };
  },

  bodyOf: ({ type: _type, ...body }) => body,
  read(body) {
    if (body["capture"] !== undefined) return undefined;
    return { ...(body as Omit<Withdrawal, "type">), type: "withdrawal" };
  },

  originOf: () => undefined,
  linesOf: (request, defaultCurrency) =>
    withdrawal.movedBy(request, defaultCurrency).flatMap(linesBetween),
  movedBy: ({ walletId, amount, currency, provider }, defaultCurrency) => [
    { from: walletId, to: outside(provider), amount, currency: currency ?? defaultCurrency },
  ],
  shownOf: ({ amount, currency, walletId, ...payment }, defaultCurrency) => ({
    amount,
    currency: currency ?? defaultCurrency,
    walletId,
    payoutReference: payment.payoutReference,
    provider: payment.provider ?? "default",
  }),

  renamed: (request, nameOf) => ({ ...request, walletId: nameOf(request.walletId) }),

  paymentOf: ({ provider = "default", payoutReference }) => ({ provider, payoutReference }),
};
