// What the generators and the checkers have to know of an operation, written down a second time:
// nothing of it is taken from the operation's modules in src. One module each, listed in all.ts.
import type { SentRequest } from "../../src/domain/operations/all.ts";

interface Details extends Pick<SentRequest, "description" | "metadata"> {
  readonly amount: number;
  readonly currency?: string;
}

/** An amount that goes from account to account: wallets, or `external:<provider>`. */
export interface Moved {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly currency: string;
}

/** What becomes one entry of an account. */
export interface Line {
  readonly account: string;
  readonly bucket: "available" | "reserved";
  readonly direction: "debit" | "credit";
  readonly amount: number;
  readonly currency: string;
  readonly counterparty: string;
}

/** A payment outside of the ledger, that came in or went out. */
export type Payment =
  | { readonly provider: string; readonly paymentReference: string }
  | { readonly provider: string; readonly payoutReference: string };

/** A transaction that others may act on, as its own operation describes it. */
export interface Earlier {
  readonly transactionId: string;
  readonly request: SentRequest;
  /** What a reversal may give back. */
  readonly moved: readonly Moved[];
  /** What an end may capture or give back. */
  readonly reserved?: Moved;
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
  /** In seconds; where it is absent, a minute or two. */
  expiresIn?(): number;
  /** Of operations that act on another one; absent where a generator keeps none. */
  earlier?(): Earlier | undefined;
  /** Of operations that end an authorization: one that was asked for earlier. */
  authorized?(): Earlier | undefined;
}

/** A JSON object that a client sends, wallets as `wal_...`. */
export type Body = Readonly<Record<string, unknown>>;

/** Methods, so that the list can be called through the type of all requests. */
export interface TestOperation<Sent extends SentRequest = SentRequest> {
  readonly type: Sent["type"];
  /** As the document spells it; absent where no client asks for it. */
  readonly path?: string;
  /** Where clients ask for some of its requests. */
  readonly otherPath?: string;
  usesOtherPath?(request: Sent): boolean;
  /** How much of what a generator draws; all shares together are 1. */
  readonly share: number;
  /** Whether its entries in all wallets together add up to zero. */
  readonly staysInside: boolean;
  /** Fields that follow from the id of the transaction that the path names. */
  readonly copied?: readonly string[];
  /** Further fields that a stored request may lack, though other operations need them. */
  readonly omissible?: readonly string[];
  /** What has become of an authorization that it has ended. */
  readonly endsAs?: "captured" | "cancelled" | "expired";
  /** Undefined where there is no transaction to act on. */
  request(source: Source): Sent | undefined;
  /** As a client asks for it. */
  bodyOf(request: Sent): Body;
  /** What a client asks for with such a body; undefined where it asks for another operation of the
   *  same path, or no transaction can come of it. */
  read(body: Body, origin: Earlier | undefined): Sent | undefined;
  /** The transaction that it acts on. */
  originOf(request: Sent): string | undefined;
  /** All that moves, in the order of the answer. */
  linesOf(request: Sent, defaultCurrency: string): readonly Line[];
  /** What a reversal of it may give back. */
  movedBy(request: Sent, defaultCurrency: string): readonly Moved[];
  /** What it reserves. */
  reservedBy?(request: Sent, defaultCurrency: string): Moved;
  /** What its answer says beside id, type, status, texts, legs and time. `createdAt`: that time, in
   *  ms since the epoch. */
  shownOf(request: Sent, defaultCurrency: string, createdAt: number): Body;
  /** The same with other names for its wallets. */
  renamed(request: Sent, nameOf: (wallet: string) => string): Sent;
  /** What it uses up for every other request. */
  paymentOf(request: Sent): Payment | undefined;
  /** The payment that its entries show; absent where it is what it uses up. */
  shownPaymentOf?(request: Sent): Payment | undefined;
}

/** The account of what is outside. */
export function outside(provider = "default"): string {
  return `external:${provider}`;
}

/** One amount, from where it was to where it is. */
export function linesBetween({ from, to, amount, currency }: Moved): readonly Line[] {
  const line = { bucket: "available", amount, currency } as const;
  return [
    { account: from, direction: "debit", counterparty: to, ...line },
    { account: to, direction: "credit", counterparty: from, ...line },
  ];
}

/** The texts of a body, as they are sent. */
export function textsIn(body: Body): Pick<SentRequest, "description" | "metadata"> {
  const names = ["description", "metadata"];
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));
}
