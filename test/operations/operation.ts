// What the generators and the checkers have to know of an operation, written down a second time:
// nothing of it is taken from the operation's modules in src. One module each, listed in all.ts.
import type { SentRequest } from "../../src/domain/operations/all.ts";

interface Details extends Pick<SentRequest, "description" | "metadata"> {
  readonly amount: number;
  readonly currency?: string;
}

/** Money that leaves a wallet, or comes from outside, for a wallet. */
export interface Move {
  readonly from?: string;
  readonly to: string;
  readonly amount: number;
}

export interface Payment {
  readonly provider: string;
  readonly paymentReference: string;
}

/** What a generator draws requests from: its own wallets, amounts and collisions. Each is
 *  called at most once for a request, `details` last. */
export interface Source {
  /** The wallet of an operation that has one. */
  wallet(): string;
  /** Two different ones, the sender's first. */
  pair(): { readonly fromWalletId: string; readonly toWalletId: string };
  /** A reference of its own, or one that others use too. Without a provider: the default one. */
  payment(): Partial<Payment> & Pick<Payment, "paymentReference">;
  details(): Details;
}

/** Methods, so that the list can be called through the type of all requests. */
export interface TestOperation<Sent extends SentRequest = SentRequest> {
  readonly type: Sent["type"];
  readonly path: string;
  /** How much of what a generator draws; all shares together are 1. */
  readonly share: number;
  /** Whether its entries in all wallets together add up to zero. */
  readonly staysInside: boolean;
  request(source: Source): Sent;
  /** In order. */
  movesOf(request: Sent): readonly Move[];
  /** The same with other names for its wallets. */
  renamed(request: Sent, nameOf: (wallet: string) => string): Sent;
  /** What it uses up for every other request. */
  paymentOf(request: Sent): Payment | undefined;
}
