// Reversals, for generators and checkers: of an earlier transaction, all of it or, where it moved
// one amount, a part.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import type { Earlier, Move, TestOperation } from "./operation.ts";

type Reversal = Extract<SentRequest, { type: "reversal" }>;

const reversible = ["funding", "transfer", "withdrawal", "capture", "split"];

export function isReversible({ type }: Pick<SentRequest, "type">): boolean {
  return reversible.includes(type);
}

/** What the earlier transaction has moved, in its own words. */
function amountsOf({ request, moves, payment }: Earlier): Reversal["moved"] {
  const outside = `external:${payment?.provider}`;
  const named = "authorization" in request ? request.authorization : request;
  const currencies =
    request.type === "split"
      ? request.postings.map(({ currency }) => currency)
      : [("currency" in named && named.currency) || undefined];
  return moves.map(({ from = outside, to = outside, amount }, index) => {
    return { from, to, amount, currency: currencies[index] ?? "USD" };
  });
}

/** Nothing said, two thirds of it, or a number that may be more than there is. */
function partOf(whole: number, drawn: number): number | undefined {
  if (drawn % 3 === 0) return undefined;
  return drawn % 3 === 1 ? whole - Math.floor(whole / 3) : drawn;
}

/** Back to where it came from. */
function movesBack({ moved, amount }: Reversal): readonly Move[] {
  return moved.map((one) => ({
    ...(one.to.startsWith("wal_") && { from: one.to }),
    ...(one.from.startsWith("wal_") && { to: one.from }),
    amount: amount ?? one.amount,
  }));
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
    if (!earlier || !isReversible(earlier.request)) return undefined;
    const moved = amountsOf(earlier);
    const { amount, description } = source.details();
    const [only, ...others] = moved;
    const part = only && others.length === 0 ? partOf(only.amount, amount) : undefined;
    return {
      type: "reversal",
      transactionId: earlier.transactionId,
      moved,
      ...earlier.payment,
      ...(part !== undefined && { amount: part }),
      ...(description !== undefined && { description }),
    };
  },

  movesOf: movesBack,

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
};
