// What the generators and the checkers have to know of an operation, written down a second time:
// nothing of it is taken from the operation's modules in src. One module each, listed in all.ts.
import type { SentRequest } from "../../src/domain/operations/all.ts";

interface Details extends Pick<SentRequest, "description" | "metadata"> {
  readonly amount: number;
  readonly currency?: string;
}

/** Money that goes from wallet to wallet; without `from` it comes from outside, without `to` it goes
 *  there. */
export interface Move {
  readonly from?: string;
  readonly to?: string;
  readonly amount: number;
}

/** A payment outside of the ledger, that came in or went out. */
export type Payment =
  | { readonly provider: string; readonly paymentReference: string }
  | { readonly provider: string; readonly payoutReference: string };

/** A transaction that others may act on: `moves` and `payment` as its own operation says. */
export interface Earlier {
  readonly transactionId: string;
  readonly request: SentRequest;
  readonly moves: readonly Move[];
  readonly payment?: Payment;
}

/** What a generator draws requests from: its own wallets, amounts and collisions. Each is
 *  called at most once for a request, `details` last. */
export interface Source {
  /** The wallet of an operation that has one. */
  wallet(): string;
  /** Two different ones, the sender's first. */
  pair(): { readonly fromWalletId: string; readonly toWalletId: string };
  /** A reference of its own, or one that others use too. Without a provider: the default one. */
  payment(): { readonly provider?: string; readonly paymentReference: string };
  details(): Details;
  /** Of operations that act on another one; absent where a generator keeps none. */
  earlier?(): Earlier | undefined;
  /** Of operations that end an authorization: one that was asked for earlier. */
  authorized?(): Earlier | undefined;
}

/** Methods, so that the list can be called through the type of all requests. */
export interface TestOperation<Sent extends SentRequest = SentRequest> {
  readonly type: Sent["type"];
  /** As the document spells it; absent where no client asks for it. */
  readonly path?: string;
  /** How much of what a generator draws; all shares together are 1. */
  readonly share: number;
  /** Whether its entries in all wallets together add up to zero. */
  readonly staysInside: boolean;
  /** Fields that follow from the id of the transaction that the path names. */
  readonly copied?: readonly string[];
  /** Further fields that a stored request may lack, though other operations need them. */
  readonly omissible?: readonly string[];
  /** Undefined where there is no transaction to act on. */
  request(source: Source): Sent | undefined;
  /** In order. */
  movesOf(request: Sent): readonly Move[];
  /** The same with other names for its wallets. */
  renamed(request: Sent, nameOf: (wallet: string) => string): Sent;
  /** What it uses up for every other request. */
  paymentOf(request: Sent): Payment | undefined;
}
