// Authorizations, for generators and checkers: money that stays in its wallet.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import type { Source, TestOperation } from "./operation.ts";

type Authorization = Extract<SentRequest, { type: "authorization" }>;
type Authorized = Extract<SentRequest, { type: "expiry" }>["authorization"];

export const authorization: TestOperation<Authorization> = {
  type: "authorization",
  path: "/transactions/transfer",
  share: 0,
  staysInside: true,

  request: (source) => ({
    type: "authorization",
    ...source.pair(),
    expiresIn: 60,
    ...source.details(),
  }),

  movesOf: () => [],
  renamed: (request, nameOf) => ({
    ...request,
    fromWalletId: nameOf(request.fromWalletId),
    toWalletId: nameOf(request.toWalletId),
  }),

  paymentOf: () => undefined,
};

/** An authorization that there never was. */
export function someAuthorization(source: Source): Authorized {
  const { fromWalletId, toWalletId } = source.pair();
  const { amount, currency = "USD" } = source.details();
  const transactionId = `txn_${"0".repeat(26)}`;
  return { transactionId, fromWalletId, toWalletId, amount, currency, expiresAt: 60_000 };
}

/** The same with other names for its wallets. */
export function renamedAuthorization(
  authorized: Authorized,
  nameOf: (wallet: string) => string,
): Authorized {
  const { fromWalletId, toWalletId } = authorized;
  return { ...authorized, fromWalletId: nameOf(fromWalletId), toWalletId: nameOf(toWalletId) };
}
