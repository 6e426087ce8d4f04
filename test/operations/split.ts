// Splits, for generators and checkers: a wallet pays two others; or, where the amount is a multiple
// of three, a payment from outside is shared by two; or, of seven, it pays one other and a payout.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { linesBetween, outside, type TestOperation } from "./operation.ts";

type Split = Extract<SentRequest, { type: "split" }>;

export const split: TestOperation<Split> = {
  type: "split",
  path: "/transactions",
  share: 0.1,
  staysInside: false,

  request(source) {
    const { fromWalletId, toWalletId } = source.pair();
    const other = source.wallet();
    const payment = source.payment();
    const { paymentReference: payoutReference, ...ofProvider } = payment;
    const { amount, currency, ...texts } = source.details();
    const fromOutside = amount % 3 === 0;
    const toOutside = !fromOutside && amount % 7 === 0;
    const from = fromOutside ? "external" : fromWalletId;
    const money = currency === undefined ? {} : { currency };
    const rest = Math.floor(amount / 2);
    const to = toOutside ? "external" : toWalletId;
    const first = { from, to, amount: amount - rest, ...money };
    const second = { from, to: other === from ? toWalletId : other, amount: rest, ...money };
    return {
      type: "split",
      postings: rest === 0 ? [first] : [first, second],
      ...(fromOutside && payment),
      ...(toOutside && { ...ofProvider, payoutReference }),
      ...texts,
    };
  },

  bodyOf: ({ type: _type, ...body }) => body,
  read: (body) => ({ ...(body as Omit<Split, "type">), type: "split" }),

  originOf: () => undefined,
  linesOf: (request, defaultCurrency) =>
    split.movedBy(request, defaultCurrency).flatMap(linesBetween),
  movedBy({ postings, provider }, defaultCurrency) {
    const account = (side: string) => (side === "external" ? outside(provider) : side);
    return postings.map(({ from, to, amount, currency = defaultCurrency }) => {
      return { from: account(from), to: account(to), amount, currency };
    });
  },
  shownOf: (request, defaultCurrency) => ({
    postings: request.postings.map(({ from, to, amount, currency = defaultCurrency }) => {
      return { from, to, amount, currency };
    }),
    ...split.paymentOf(request),
  }),

  renamed: (request, nameOf) => ({
    ...request,
    postings: request.postings.map((posting) => ({
      ...posting,
      from: posting.from === "external" ? posting.from : nameOf(posting.from),
      to: posting.to === "external" ? posting.to : nameOf(posting.to),
    })),
  }),

  paymentOf({ provider = "default", paymentReference, payoutReference }) {
    if (paymentReference !== undefined) return { provider, paymentReference };
    return payoutReference === undefined ? undefined : { provider, payoutReference };
  },
};
