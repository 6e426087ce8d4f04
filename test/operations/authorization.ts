// Authorizations, for generators and checkers: money that stays in its wallet. A third of them is for
// a payout, of which one half has its reference already.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import {
  outside,
  type Body,
  type Earlier,
  type Line,
  type Moved,
  type Payment,
  type TestOperation,
} from "./operation.ts";

type Authorization = Extract<SentRequest, { type: "authorization" }>;
type Authorized = Extract<SentRequest, { type: "expiry" }>["authorization"];

const payoutPath = "/transactions/withdraw";
const expiresInDefault = 604_800;

/** Of what an end copies: one authorization has them, another has not. */
export const ofReceiver = ["toWalletId", "provider", "payoutReference"].map(
  (name) => `authorization.${name}`,
);

export const authorization: TestOperation<Authorization> = {
  type: "authorization",
  path: "/transactions/transfer",
  otherPath: payoutPath,
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
    const expiresIn = source.expiresIn?.() ?? 60 + (amount % 60);
    return { type: "authorization", fromWalletId, ...receiver, expiresIn, amount, ...texts };
  },

  usesOtherPath: ({ toWalletId }) => toWalletId === undefined,
  bodyOf({ type: _type, fromWalletId, toWalletId, ...body }) {
    const sides =
      toWalletId === undefined ? { walletId: fromWalletId } : { fromWalletId, toWalletId };
    return { ...sides, ...body, capture: "manual" };
  },
  read({ capture, walletId, ...body }) {
    const isPayout = walletId !== undefined;
    const isWithinOne = !isPayout && body["fromWalletId"] === body["toWalletId"];
    if (capture !== "manual" || isWithinOne) return undefined;
    const payer = isPayout ? { fromWalletId: walletId } : {};
    return { ...payer, ...body, type: "authorization" } as unknown as Authorization;
  },

  originOf: () => undefined,
  linesOf(request, defaultCurrency) {
    const reserved = authorization.reservedBy?.(request, defaultCurrency);
    return reserved ? linesInside(reserved, "available", "reserved") : [];
  },
  movedBy: () => [],
  reservedBy: ({ amount, currency, ...sides }, defaultCurrency) => ({
    ...accountsOf(sides),
    amount,
    currency: currency ?? defaultCurrency,
  }),
  shownOf(
    { amount, currency, expiresIn = expiresInDefault, ...sides },
    defaultCurrency,
    createdAt,
  ) {
    return {
      amount,
      currency: currency ?? defaultCurrency,
      ...shownSides(sides),
      expiresIn,
      expiresAt: new Date(createdAt + expiresIn * 1_000).toISOString(),
    };
  },

  renamed: (request, nameOf) => ({ ...request, ...renamedSides(request, nameOf) }),

  // It is used up by the capture.
  paymentOf: () => undefined,
};

type Sides = Pick<Authorized, "fromWalletId" | "toWalletId" | "provider" | "payoutReference">;

/** Of a payout the receiver is outside. */
function accountsOf({ fromWalletId: from, toWalletId, provider }: Sides) {
  return { from, to: toWalletId ?? outside(provider) };
}

function shownSides({ fromWalletId, toWalletId, provider = "default", payoutReference }: Sides) {
  if (toWalletId !== undefined) return { fromWalletId, toWalletId };
  return { fromWalletId, ...(payoutReference !== undefined && { payoutReference }), provider };
}

function renamedSides(
  { fromWalletId, toWalletId }: Pick<Sides, "fromWalletId" | "toWalletId">,
  nameOf: (wallet: string) => string,
) {
  const receiver = toWalletId === undefined ? {} : { toWalletId: nameOf(toWalletId) };
  return { fromWalletId: nameOf(fromWalletId), ...receiver };
}

/** From one bucket of the payer into the other. */
export function linesInside(
  { from: account, amount, currency }: Moved,
  source: Line["bucket"],
  target: Line["bucket"],
): readonly Line[] {
  const line = { account, amount, currency, counterparty: account };
  return [
    { ...line, bucket: source, direction: "debit" },
    { ...line, bucket: target, direction: "credit" },
  ];
}

/** Later than any deadline, in ms since the epoch: when it was recorded is not known here. */
const expiresAt = 9_000_000_000_000;

/** What an end copies of an authorization; undefined of another transaction. */
export function authorizedBy(origin: Earlier | undefined): Authorized | undefined {
  if (!origin?.reserved || origin.request.type !== "authorization") return undefined;
  const { transactionId, request, reserved } = origin;
  const { fromWalletId, toWalletId, amount, provider = "default", payoutReference } = request;
  const payout = { provider, ...(payoutReference !== undefined && { payoutReference }) };
  const receiver = toWalletId === undefined ? payout : { toWalletId };
  const { currency } = reserved;
  return { transactionId, fromWalletId, ...receiver, amount, currency, expiresAt };
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

export function reservedIn({ amount, currency, ...sides }: Authorized): Moved {
  return { ...accountsOf(sides), amount, currency };
}

/** What the answer of an end says of its authorization. */
export function shownIn({ transactionId, amount, currency, ...sides }: Authorized): Body {
  return { authorizationId: transactionId, amount, currency, ...shownSides(sides) };
}

/** The same with other names for its wallets. */
export function renamedAuthorization(
  authorized: Authorized,
  nameOf: (wallet: string) => string,
): Authorized {
  return { ...authorized, ...renamedSides(authorized, nameOf) };
}
