// Authorizations, for generators and checkers: money that stays in its wallet. A third of them is for
// a payout, of which one half has its reference already.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import type { Payment, Source, TestOperation } from "./operation.ts";

type Authorization = Extract<SentRequest, { type: "authorization" }>;
type Authorized = Extract<SentRequest, { type: "expiry" }>["authorization"];

/** Of what an end copies: one authorization has them, another has not. */
export const ofReceiver = ["toWalletId", "provider", "payoutReference"].map(
  (name) => `authorization.${name}`,
);

export const authorization: TestOperation<Authorization> = {
  type: "authorization",
  path: "/transactions/transfer",
  share: 0.08,
  staysInside: true,
  omissible: ["toWalletId", "provider", "payoutReference"],

  request(source) {
    if (!source.authorized) return undefined;
    const { fromWalletId, toWalletId } = source.pair();
    const { paymentReference: payoutReference, ...ofProvider } = source.payment();
    const { amount, ...texts } = source.details();
    const payout = { ...ofProvider, ...(amount % 2 === 0 && { payoutReference }) };
    const receiver = amount % 3 === 0 ? payout : { toWalletId };
    const expiresIn = 60 + (amount % 60);
    return { type: "authorization", fromWalletId, ...receiver, expiresIn, amount, ...texts };
  },

  movesOf: () => [],
  renamed: (request, nameOf) => ({ ...request, ...renamedSides(request, nameOf) }),

  paymentOf: () => undefined,
};

function renamedSides(
  { fromWalletId, toWalletId }: Pick<Authorized, "fromWalletId" | "toWalletId">,
  nameOf: (wallet: string) => string,
) {
  const receiver = toWalletId === undefined ? {} : { toWalletId: nameOf(toWalletId) };
  return { fromWalletId: nameOf(fromWalletId), ...receiver };
}

/** Later than any deadline, in ms since the epoch: when it was recorded is not known here. */
const expiresAt = 9_000_000_000_000;

/** What an end copies of an authorization. */
export function authorizedBy(source: Source): Authorized | undefined {
  const { transactionId, request } = source.authorized?.() ?? {};
  if (transactionId === undefined || request?.type !== "authorization") return undefined;
  const {
    type: _type,
    expiresIn: _seconds,
    description: _text,
    metadata: _pairs,
    ...own
  } = request;
  const { currency = "USD", provider = "default" } = own;
  const payout = request.toWalletId === undefined ? { provider } : {};
  return { transactionId, ...own, ...payout, currency, expiresAt };
}

/** The payout that a capture pays, if it pays one. */
export function payoutOf(
  { provider, payoutReference: known }: Authorized,
  sent: string | undefined,
): Payment | undefined {
  const payoutReference = sent ?? known;
  if (provider === undefined || payoutReference === undefined) return undefined;
  return { provider, payoutReference };
}

/** The same with other names for its wallets. */
export function renamedAuthorization(
  authorized: Authorized,
  nameOf: (wallet: string) => string,
): Authorized {
  return { ...authorized, ...renamedSides(authorized, nameOf) };
}
