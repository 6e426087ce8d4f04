// Transfers, for generators and checkers.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { linesBetween, type TestOperation } from "./operation.ts";

type Transfer = Extract<SentRequest, { type: "transfer" }>;

export const transfer: TestOperation<Transfer> = {
  type: "transfer",
  path: "/transactions/transfer",
  share: 0.25,
  staysInside: true,

  request(source) {
    const wallets = source.pair();
    return { type: "transfer", ...wallets, ...source.details() };
  },

  bodyOf: ({ type: _type, ...body }) => body,
  read(body) {
    if (body["capture"] !== undefined || body["fromWalletId"] === body["toWalletId"]) {
      return undefined;
    }
    return { ...(body as Omit<Transfer, "type">), type: "transfer" };
  },

  originOf: () => undefined,
  linesOf: (request, defaultCurrency) =>
    transfer.movedBy(request, defaultCurrency).flatMap(linesBetween),
  movedBy: ({ fromWalletId, toWalletId, amount, currency }, defaultCurrency) => [
    { from: fromWalletId, to: toWalletId, amount, currency: currency ?? defaultCurrency },
  ],
  shownOf: ({ amount, currency, fromWalletId, toWalletId }, defaultCurrency) => ({
    amount,
    currency: currency ?? defaultCurrency,
    fromWalletId,
    toWalletId,
  }),

  renamed: (request, nameOf) => ({
    ...request,
    fromWalletId: nameOf(request.fromWalletId),
    toWalletId: nameOf(request.toWalletId),
  }),

  paymentOf: () => undefined,
};
