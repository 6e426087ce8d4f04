// Reversals, for generators and checkers: of an earlier transaction, all of it or, where it moved
// one amount, a part.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import {
  linesBetween,
  type Body,
  type Earlier,
  type Payment,
  type TestOperation,
} from "./operation.ts";

type Reversal = Extract<SentRequest, { type: "reversal" }>;

/** Nothing said, two thirds of it, or a number that may be more than there is. */
function partOf(whole: number, drawn: number): number | undefined {
  if (drawn % 3 === 0) return undefined;
  return drawn % 3 === 1 ? whole - Math.floor(whole / 3) : drawn;
}

/** Undefined where nothing moved, or several amounts of which a part is asked for. */
function reversalOf(
  { transactionId, moved, payment }: Earlier,
  amount: number | undefined,
): Reversal | undefined {
  if (moved.length === 0 || (amount !== undefined && moved.length > 1)) return undefined;
  const part = amount === undefined ? {} : { amount };
  return { type: "reversal", transactionId, moved, ...payment, ...part };
}

/** The payment of what is reversed. */
function shownPayment(request: Reversal): Payment | undefined {
  const { provider, paymentReference, payoutReference } = request;
  if (provider === undefined) return undefined;
  if (paymentReference !== undefined) return { provider, paymentReference };
  return payoutReference === undefined ? undefined : { provider, payoutReference };
}

export const reversal: TestOperation<Reversal> = {
  type: "reversal",
  path: "/transactions/{id}/reverse",
  share: 0.1,
  staysInside: false,
  copied: ["moved", "provider", "paymentReference", "payoutReference"],

  omissible: ["amount", "provider", "paymentReference", "payoutReference"],

  request(source) {
    const earlier = source.earlier?.();
    if (!earlier) return undefined;
    const { amount, description } = source.details();
    const [only, ...others] = earlier.moved;
    const part = only && others.length === 0 ? partOf(only.amount, amount) : undefined;
    const drawn = reversalOf(earlier, part);
    return drawn && { ...drawn, ...(description !== undefined && { description }) };
  },

  bodyOf: ({ amount, description }) => ({
    ...(amount !== undefined && { amount }),
    ...(description !== undefined && { reason: description }),
  }),
  read(body, origin) {
    const { amount, reason } = body as { readonly amount?: number; readonly reason?: string };
    const asked = origin && reversalOf(origin, amount);
    return asked && { ...asked, ...(reason !== undefined && { description: reason }) };
  },

  originOf: ({ transactionId }) => transactionId,
  linesOf: ({ moved, amount }) =>
    moved.flatMap((one) => {
      const back = { ...one, from: one.to, to: one.from, amount: amount ?? one.amount };
      return linesBetween(back);
    }),
  movedBy: () => [],
  shownOf(request): Body {
    const { transactionId: reverses, moved, amount, description } = request;
    const [only, ...others] = moved;
    return {
      reverses,
      ...(only &&
        others.length === 0 && { amount: amount ?? only.amount, currency: only.currency }),
      ...shownPayment(request),
      ...(description !== undefined && { reason: description }),
    };
  },

  renamed: (request, nameOf) => ({
    ...request,
    moved: request.moved.map((one) => ({
      ...one,
      from: one.from.startsWith("external:") ? one.from : nameOf(one.from),
      to: one.to.startsWith("external:") ? one.to : nameOf(one.to),
    })),
  }),

  // The payment of the original stays used.
  paymentOf: () => undefined,
  shownPaymentOf: shownPayment,
};
