// Authorizations, for generators and checkers: money that stays in its wallet.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import type { Source, TestOperation } from "./operation.ts";

type Authorization = Extract<SentRequest, { type: "authorization" }>;
type Authorized = Extract<SentRequest, { type: "expiry" }>["authorization"];

export const authorization: TestOperation<Authorization> = {
  type: "authorization",
  path: "/transactions/transfer",
  share: 0.08,
  staysInside: true,

  request(source) {
    if (!source.authorized) return undefined;
    const wallets = source.pair();
    const { amount, ...texts } = source.details();
    return { type: "authorization", ...wallets, expiresIn: 60 + (amount % 60), amount, ...texts };
  },

  movesOf: () => [],
  renamed: (request, nameOf) => ({
    ...request,
    fromWalletId: nameOf(request.fromWalletId),
    toWalletId: nameOf(request.toWalletId),
  }),

  paymentOf: () => undefined,
};

/** Later than any deadline, in ms since the epoch: when it was recorded is not known here. */
const expiresAt = 9_000_000_000_000;

/** What an end copies of an authorization. */
export function authorizedBy(source: Source): Authorized | undefined {
  const { transactionId, request } = source.authorized?.() ?? {};
  if (transactionId === undefined || request?.type !== "authorization") return undefined;
  const { fromWalletId, toWalletId, amount, currency = "USD" } = request;
  return { transactionId, fromWalletId, toWalletId, amount, currency, expiresAt };
}

/** The same with other names for its wallets. */
export function renamedAuthorization(
  authorized: Authorized,
  nameOf: (wallet: string) => string,
): Authorized {
  const { fromWalletId, toWalletId } = authorized;
  return { ...authorized, fromWalletId: nameOf(fromWalletId), toWalletId: nameOf(toWalletId) };
}
