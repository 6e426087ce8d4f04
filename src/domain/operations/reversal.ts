// Reversal: what a transaction has moved goes back to where it came from. Of one amount a part may
// go back; several go back together, as a whole.
// Frozen: the stored shape and the fingerprint's fields.
import { compareAccounts } from "../ledger/line.ts";
import { add } from "../ledger/money.ts";
import { has, isList, isMoney, isName, isOptional } from "../shape.ts";
import {
  isType,
  originKey,
  linesBetween,
  paymentIn,
  storedTexts,
  type MovedAmount,
  type Operation,
  type RequestTexts,
} from "./operation.ts";

/** `transactionId`: the original, which is reversed. The rest are facts of it. */
interface ReversalFields extends RequestTexts {
  readonly type: "reversal";
  readonly transactionId: string;
  /** What the original moves, as it moves it. */
  readonly moved: readonly MovedAmount[];
  /** The payment outside of the ledger that the original belongs to: the outer leg of the reversal
   *  is where the original's is. */
  readonly provider?: string;
  readonly paymentReference?: string;
  readonly payoutReference?: string;
  /** What goes back. As sent, omitted: all of it. Never there where several amounts were moved. */
  readonly amount?: number;
}

export type SentReversal = ReversalFields;
export type StoredReversal = ReversalFields;

/** The account in which reversals are counted, and what counts of the amounts that it got. */
export interface Receipt {
  readonly account: string;
  readonly amount: number;
}

/** Of several receivers the first, and of several currencies the first that it got. Undefined where
 *  nothing moved that could go back. */
export function receiptOf(moved: readonly MovedAmount[]): Receipt | undefined {
  const [account] = moved.map(({ to }) => to).toSorted(compareAccounts);
  if (account === undefined) return undefined;
  const own = moved.filter(({ to }) => to === account);
  const counted = own.filter(({ currency }) => currency === own[0]?.currency);
  return { account, amount: counted.reduce((sum, { amount }) => add(sum, amount), 0) };
}

/** Whether it could be reversed as asked: a part only where one amount was moved. */
export function isReversible(moved: readonly MovedAmount[], amount: number | undefined): boolean {
  return amount === undefined ? moved.length > 0 : moved.length === 1;
}

/** What goes back, as it was moved. */
function takenBack({ moved, amount }: StoredReversal): readonly MovedAmount[] {
  if (!isReversible(moved, amount)) throw new Error("no transaction is reversed like this");
  return moved.map((one) => ({ ...one, amount: amount ?? one.amount }));
}

export const reversal: Operation<SentReversal, StoredReversal> = {
  type: "reversal",

  refusals: [
    "wallet_not_found",
    "wallet_frozen",
    "original_rejected",
    "reversal_exceeds_original",
    "too_many_reversals",
    "insufficient_funds",
    "balance_limit_exceeded",
    "transaction_expired",
  ],

  countsAsSpending: false,

  storedFields: {
    type: isType("reversal"),
    transactionId: isName,
    moved: isList(
      has<MovedAmount>({ from: isName, to: isName, amount: isMoney, currency: isName }),
      { min: 1 },
    ),
    provider: isOptional(isName),
    paymentReference: isOptional(isName),
    payoutReference: isOptional(isName),
    amount: isOptional(isMoney),
    ...storedTexts,
  },

  resolve(sent) {
    const [only, ...others] = sent.moved;
    const amount = sent.amount ?? (others.length === 0 ? only?.amount : undefined);
    return { ...sent, ...(amount !== undefined && { amount }) };
  },

  // The facts of the original follow from its id.
  fingerprintFields: ({ transactionId, amount }) => [transactionId, amount ?? null],

  movementOf(request) {
    const { transactionId } = request;
    const amounts = takenBack(request);
    const lines = amounts.flatMap((one) => linesBetween(one.to, one.from, one));
    const receipt = receiptOf(amounts);
    if (!receipt) throw new Error("a reversal moves something");
    return {
      lines,
      claims: [{ ...receipt, key: originKey(transactionId), refusal: "reversal_exceeds_original" }],
      origin: {
        transactionId,
        refusal: "original_rejected",
        accounts: [...new Set(lines.map(({ account }) => account))],
      },
    };
  },

  externalPaymentOf: paymentIn,

  reversibleAmounts: () => [],
};
