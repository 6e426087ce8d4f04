// A bounded world: which wallets, transactions, logs and readers there are, and which fields make
// up its state. Transactions, legs and addresses come from the production code.
import { accountObjectName, userIdFor, walletIdOfUser } from "../../src/domain/ids.ts";
import type { LegContent } from "../../src/domain/protocol/leg.ts";
import {
  addressOf,
  legsOf,
  submissionOf,
  type Submission,
} from "../../src/domain/protocol/transaction.ts";
import type { Direction } from "../../src/domain/ledger/money.ts";
import type { Leg } from "../../src/domain/operations/operation.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { operationOf, paymentOf } from "../operations/all.ts";
import type { Configuration, PlannedTransaction, PlannedWallet } from "./configurations.ts";
import { Layout } from "./layout.ts";

export const Row = {
  absent: 0,
  preparing: 1,
  committed: 2,
  rejected: 3,
  committedSettled: 4,
  rejectedSettled: 5,
} as const;
const rowNames = Object.keys(Row).map((name) => name.replace("Settled", ", settled"));

export const LegIs = { none: 0, held: 1, posted: 2, void: 3 } as const;
export const legNames = ["none", "held", "posted", "void"] as const;

/** An ask about one leg, as the asker sees it. `nothing`: not asked. */
export const Ask = { nothing: 0, sent: 1, undecided: 2, commit: 3, reject: 4, failed: 5 } as const;
const askNames = Object.keys(Ask);

/** A vote that is on its way to a running attempt: 0, yes, or 2 + the number of a refusal. */
export const Vote = { nothing: 0, yes: 1, no: 2 } as const;
/** Refusals by number: a void that was released has none of its own; then the codes; then the
 *  duplicates of each transaction. */
export const refusalNames = [
  "released",
  "wallet_not_found",
  "wallet_frozen",
  "insufficient_funds",
  "balance_limit_exceeded",
] as const;
export const duplicateOf = refusalNames.length;

/** Everything below that is a number is the index of a field, -1 where the world has none. */
export interface LegModel {
  readonly name: string;
  readonly transaction: TransactionModel;
  readonly account: AccountModel;
  readonly direction: Direction;
  readonly amount: number;
  readonly transactionId: string;
  readonly content: LegContent;
  readonly state: number;
  readonly entries: number;
  readonly refusal: number;
  readonly vote: number;
  readonly acknowledged: number;
  /** The account acknowledged a release before it was opened. */
  readonly unwritten: number;
  readonly claim: number;
  /** The legs that the handler of this leg's hold may have to ask about, and what it was told. */
  asks: readonly { readonly other: LegModel; readonly answer: number }[];
}

export interface AccountModel {
  readonly name: string;
  readonly isWallet: boolean;
  /** Net amount before the first entry that is explored. */
  readonly opening: number;
  readonly openLegs: number;
  readonly opened: number;
  readonly frozen: number;
  readonly legs: LegModel[];
}

export interface TransactionModel {
  readonly name: string;
  readonly number: number;
  readonly id: string;
  readonly log: string;
  readonly row: number;
  readonly overdue: number;
  /** An attempt of the log's present instance is running. */
  readonly driven: number;
  readonly alarm: number;
  /** A hold has left the log. */
  readonly sent: number;
  readonly legs: LegModel[];
}

export interface ReaderModel {
  /** 0: none is reading; else 1 + the number of the wallet. */
  readonly wallet: number;
  readonly pass: number;
  readonly askFailed: number;
  /** By transaction: the captured held legs and what was learned of them. */
  readonly asks: readonly number[];
  /** Bits by transaction: the captured entries. */
  readonly shown: number;
  /** Only for the checks: bits by sets of transactions (see moments.ts), bits by transaction. */
  readonly moments: number;
  readonly rejectedBefore: number;
}

export interface World {
  readonly configuration: Configuration;
  readonly layout: Layout;
  readonly transactions: readonly TransactionModel[];
  readonly legs: readonly LegModel[];
  readonly accounts: readonly AccountModel[];
  readonly logs: readonly string[];
  readonly reader: ReaderModel | undefined;
}

const tenant = "tenant";

function walletId(name: string): string {
  return walletIdOfUser(userIdFor(tenant, name));
}

function sentRequest(planned: PlannedTransaction): SentRequest {
  return operationOf(planned).renamed({ ...planned, amount: 1 } as SentRequest, walletId);
}

export function buildWorld(configuration: Configuration): World {
  const layout = new Layout();
  const accounts = new Map<string, AccountModel>();
  for (const wallet of configuration.wallets) {
    const account = buildWallet(layout, wallet, configuration);
    accounts.set(
      accountObjectName(tenant, { class: "wallet", id: walletId(wallet.name) }),
      account,
    );
  }
  const claims = new Map<string, number>();
  const transactions = configuration.transactions.map((planned, number) => {
    const submission = submissionOf(tenant, `key ${number + 1}`, sentRequest(planned), "USD");
    const transaction = buildTransaction(layout, number, submission, planned);
    const { id: transactionId, fingerprint } = submission;
    for (const leg of legsOf(submission.request)) {
      const account = findAccount(accounts, submission, leg, configuration);
      const claim = claimField(layout, claims, submission, leg, configuration);
      const content = { transactionId, fingerprint, ...leg };
      transaction.legs.push(buildLeg(layout, transaction, account, content, claim, configuration));
    }
    return transaction;
  });
  const legs = transactions.flatMap((transaction) => transaction.legs);
  for (const leg of legs) {
    const others = leg.account.legs.filter((other) => other !== leg);
    leg.asks = others.map((other) => ({
      other,
      answer: layout.add(`${leg.name} learns of ${other.transaction.name}`, askNames),
    }));
  }
  const reader = configuration.reader ? buildReader(layout, transactions) : undefined;
  const logs = [...new Set(transactions.map(({ log }) => log))];
  const all = [...accounts.values()];
  return { configuration, layout, transactions, legs, accounts: all, logs, reader };
}

function buildWallet(
  layout: Layout,
  { name, opening, opensLate, mayFreeze }: PlannedWallet,
  configuration: Configuration,
): AccountModel {
  const opened = opensLate ? layout.flag(`${name} open`) : -1;
  const frozen = mayFreeze ? layout.flag(`${name} frozen`) : -1;
  const openLegs = configuration.openLegs ?? Infinity;
  return { name, isWallet: true, opening: opening ?? 0, openLegs, opened, frozen, legs: [] };
}

function findAccount(
  accounts: Map<string, AccountModel>,
  submission: Submission,
  leg: Leg,
  configuration: Configuration,
): AccountModel {
  const objectName = accountObjectName(tenant, addressOf(submission, leg));
  const known = accounts.get(objectName);
  if (known) return known;
  const outside = [...accounts.values()].filter(({ isWallet }) => !isWallet).length;
  const account: AccountModel = {
    name: outside === 0 ? "outside" : `outside ${outside + 1}`,
    isWallet: false,
    opening: 0,
    openLegs: configuration.openLegs ?? Infinity,
    opened: -1,
    frozen: -1,
    legs: [],
  };
  accounts.set(objectName, account);
  return account;
}

function buildTransaction(
  layout: Layout,
  number: number,
  submission: Submission,
  planned: PlannedTransaction,
): TransactionModel {
  const name = `T${number + 1}`;
  return {
    name,
    number,
    id: submission.id,
    log: planned.log ?? `log of ${name}`,
    row: layout.add(`${name} row`, rowNames),
    overdue: layout.flag(`${name} overdue`),
    driven: layout.flag(`${name} attempt runs`),
    alarm: layout.flag(`${name} alarm set`),
    sent: layout.flag(`${name} holds sent`),
    legs: [],
  };
}

function claimField(
  layout: Layout,
  claims: Map<string, number>,
  { request }: Submission,
  leg: Leg,
  { transactions }: Configuration,
): number {
  const reference = paymentOf(request)?.paymentReference;
  if (reference === undefined || leg.account.startsWith("wal_")) return -1;
  const known = claims.get(reference);
  if (known !== undefined) return known;
  const claimants = ["none", ...transactions.map((_, number) => `T${number + 1}`)];
  const field = layout.add(`claim on ${reference}`, claimants);
  claims.set(reference, field);
  return field;
}

function buildLeg(
  layout: Layout,
  transaction: TransactionModel,
  account: AccountModel,
  content: LegContent,
  claim: number,
  configuration: Configuration,
): LegModel {
  const name = `${transaction.name} in ${account.name}`;
  const refusals = [
    ...refusalNames,
    ...configuration.transactions.map((_, number) => `duplicate of T${number + 1}`),
  ];
  const votes = ["none", "yes", ...refusals.map((refusal) => `no, ${refusal}`)];
  const leg: LegModel = {
    name,
    transaction,
    account,
    direction: content.direction,
    amount: content.amount,
    transactionId: content.transactionId,
    content,
    state: layout.add(name, legNames),
    entries: layout.add(`${name} entries`, 2),
    refusal: layout.add(`${name} refused`, refusals),
    vote: layout.add(`${name} vote received`, votes),
    acknowledged: layout.flag(`${name} acknowledged`),
    unwritten: account.opened >= 0 ? layout.flag(`${name} released unwritten`) : -1,
    claim,
    asks: [],
  };
  account.legs.push(leg);
  return leg;
}

function buildReader(layout: Layout, transactions: readonly TransactionModel[]): ReaderModel {
  const bits = 2 ** transactions.length - 1;
  return {
    wallet: layout.add("reader at wallet", 3),
    pass: layout.add("reader pass", 7),
    askFailed: layout.flag("reader had a failed ask"),
    asks: transactions.map(({ name }) => layout.add(`reader learns of ${name}`, askNames)),
    shown: layout.add("reader captured entries", bits),
    moments: layout.add("sets committed during the read", 2 ** (bits + 1) - 1),
    rejectedBefore: layout.add("rejected before the read", bits),
  };
}
