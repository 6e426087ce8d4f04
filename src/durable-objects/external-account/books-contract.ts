// The contract of calls about the books of the outside world: exact sums of any size. As in
// contract.ts, expected outcomes are values and every call may be repeated.
import type { Call } from "../rpc/contract.ts";

export interface BooksCall extends Call {
  /** The id in the `AccountAddress` of the shard that is called. */
  readonly account: string;
}

/** Sums of minor units as decimal texts: they may leave the range of exact numbers. */
export interface BookSums {
  readonly debits: string;
  readonly credits: string;
}

/** What one provider and currency amount to in one shard. */
export interface BookLine {
  readonly provider: string;
  readonly currency: string;
  readonly entries: number;
  readonly posted: BookSums;
  /** Lines of held legs: undecided, or committed and not posted yet. */
  readonly openLegs: number;
  readonly open: BookSums;
}

export interface BooksApi {
  /** Adds up a shard of the outside world as it is at one moment. Reads all of it: for audits. */
  books(call: BooksCall): Promise<readonly BookLine[]>;
}
