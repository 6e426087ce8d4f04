// From the plan of a transaction to what a log would record and send: lines, legs and accounts.
// Requests go through their operation; a planned movement takes the same way from there on.
import {
  accountObjectName,
  logShardOf,
  transactionIdFor,
  userIdFor,
  walletIdOfUser,
} from "../../src/domain/ids.ts";
import type { AccountLine } from "../../src/domain/ledger/line.ts";
import {
  operationOf,
  type SentRequest,
  type TransactionRequest,
} from "../../src/domain/operations/all.ts";
import { readAuthorized } from "../../src/domain/operations/authorization.ts";
import { externalAccount, type Movement } from "../../src/domain/operations/operation.ts";
import { batchOf } from "../../src/domain/protocol/batch.ts";
import {
  addressOf,
  expirationOf,
  legsOf,
  linesOf,
  submissionOf,
  type Division,
  type Leg,
  type Posting,
  type Submission,
} from "../../src/domain/protocol/transaction.ts";
import { operationOf as testOperationOf, paymentName } from "../operations/all.ts";
import type {
  Configuration,
  PlannedAct,
  PlannedMovement,
  PlannedRequest,
  PlannedTransaction,
} from "./planned.ts";

const tenant = "tenant";

/** When every transaction is recorded, in ms since the epoch: no leg shows it. */
const recordedAt = 0;

/** A leg with the name of the object that keeps it. */
export interface PlacedLeg extends Leg {
  readonly objectName: string;
}

export interface Recorded {
  readonly id: string;
  /** Absent for a movement that no operation makes. */
  readonly request?: TransactionRequest;
  readonly lines: readonly AccountLine[];
  readonly legs: readonly PlacedLeg[];
  /** The transaction that it ends or reverses. */
  readonly originId?: string;
  /** What it uses up, by name: a payment, a payout, or the authorization that it ends. */
  readonly usesUp: readonly string[];
  /** What its log ends it with, and so long after it was recorded. */
  readonly expiration?: { readonly endingId: string; readonly afterMs: number };
}

type Divide = (movement: Movement) => readonly Division[];

export function walletObjectName(name: string): string {
  return accountObjectName(tenant, { class: "wallet", id: walletId(name) });
}

function walletId(name: string): string {
  return walletIdOfUser(userIdFor(tenant, name));
}

/** All of a world. */
export function recordAll(
  { transactions, wallets }: Configuration,
  divide: Divide,
): readonly Recorded[] {
  const recorded: Recorded[] = [];
  const items = itemsOf(transactions);
  for (const planned of transactions) {
    const key = planned.batch ? batchKey : `key ${recorded.length + 1}`;
    if ("movement" in planned) {
      recorded.push(recordMovement(planned.movement, key, wallets, divide));
      continue;
    }
    const submission =
      planned.batch === "item" ? items.shift() : submissionFor(planned, key, recorded);
    if (!submission) throw new Error("a batch has an item for each request");
    recorded.push(recordSubmission(submission, divide));
  }
  return recorded;
}

const batchKey = "key of the batch";

/** Those of the world's batch: all in its log, and none of them what its key is by itself. */
function itemsOf(transactions: readonly PlannedTransaction[]): Submission[] {
  const sent = transactions.flatMap((planned) =>
    "request" in planned && planned.batch === "item" ? [withWalletIds(planned.request)] : [],
  );
  const { id, items } = batchOf(tenant, batchKey, sent, "USD");
  const ids = new Set([id, ...items.map((one) => one.id)]);
  const isInOneLog = items.every((one) => logShardOf(one.id) === logShardOf(id));
  if (ids.size !== items.length + 1 || !isInOneLog) throw new Error("a batch has ids of its own");
  return [...items];
}

function submissionFor(
  planned: Exclude<PlannedTransaction, { movement: PlannedMovement }>,
  key: string,
  before: readonly Recorded[],
): Submission {
  if ("request" in planned) {
    return submissionOf(tenant, key, withWalletIds(planned.request), "USD");
  }
  const { act } = planned;
  const { id, request } = before[act.of - 1] ?? {};
  if (id === undefined || !request) throw new Error(`no request is number ${act.of}`);
  const origin = { id, tenant, request, createdAt: recordedAt };
  if (act.type !== "expiry") return submissionOf(tenant, key, actOn(origin, act), "USD");
  const expiration = expirationOf(origin);
  if (!expiration) throw new Error(`number ${act.of} does not expire`);
  return expiration.submission;
}

function withWalletIds(planned: PlannedRequest): SentRequest {
  const named = { amount: 1, ...planned } as SentRequest;
  return testOperationOf(named).renamed(named, walletId);
}

/** As the edge makes it of the origin's record. */
function actOn(
  origin: { readonly id: string; readonly request: TransactionRequest; readonly createdAt: number },
  { type, amount, payoutReference }: PlannedAct,
): SentRequest {
  const part = {
    ...(amount !== undefined && { amount }),
    ...(payoutReference !== undefined && { payoutReference }),
  };
  if (type === "reversal") {
    const { id: transactionId, request } = origin;
    const operation = operationOf(request);
    const moved = operation.reversibleAmounts(request);
    return { type, transactionId, moved, ...part, ...operation.externalPaymentOf(request) };
  }
  const authorization = readAuthorized(origin);
  if (!authorization) throw new Error("only an authorization has ends");
  return type === "capture" ? { type, authorization, ...part } : { type, authorization };
}

function recordSubmission(submission: Submission, divide: Divide): Recorded {
  const { id, request } = submission;
  const operation = operationOf(request);
  const lines = linesOf(request);
  const movement = operation.movementOf(request);
  const divisions = divide({ ...movement, lines });
  const legs = legsOf({ ...submission, lines }).map((leg) => ({
    ...leg,
    posting: redivided(leg, divisions),
    objectName: accountObjectName(tenant, addressOf(submission, leg.account)),
  }));
  const expiration = expirationWith(submission);
  const originId = movement.origin?.transactionId;
  const ended = operation.endsAs && originId;
  const payment = paymentName(testOperationOf(request).paymentOf(request));
  return {
    id,
    usesUp: [payment ?? [], ended ?? []].flat(),
    request,
    lines,
    legs,
    ...(originId !== undefined && { originId }),
    ...(expiration && { expiration }),
  };
}

function expirationWith(submission: Submission): Recorded["expiration"] {
  const expiration = expirationOf({ ...submission, createdAt: recordedAt });
  if (!expiration) return undefined;
  const endingId = expiration.submission.id;
  if (logShardOf(endingId) !== logShardOf(submission.id)) {
    throw new Error("what ends a transaction belongs to its log");
  }
  return { endingId, afterMs: expiration.at - recordedAt };
}

function redivided({ account, posting }: Leg, divisions: readonly Division[]): Posting {
  const own = divisions.find((division) => division.account === account);
  if (!own) throw new Error("a leg has lines");
  const { lines: _lines, claims: _claims, origin: _origin, ...shared } = posting;
  const { lines, claims, origin } = own;
  return { ...shared, lines, claims, ...(origin && { origin }) };
}

function recordMovement(
  planned: PlannedMovement,
  key: string,
  wallets: Configuration["wallets"],
  divide: Divide,
): Recorded {
  const isWallet = (name: string) => wallets.some((wallet) => wallet.name === name);
  const account = (name: string) => (isWallet(name) ? walletId(name) : externalAccount(name));
  const movement = movementOf(planned, account);
  const id = transactionIdFor(tenant, key);
  const shared = { transactionId: id, fingerprint: `of ${key}`, type: "transfer" } as const;
  const objectNames = new Map(
    planned.lines.map(({ account: name }) => [
      account(name),
      isWallet(name) ? walletObjectName(name) : `outside ${name}`,
    ]),
  );
  const legs = divide(movement).map(({ account: own, ...division }) => ({
    account: own,
    objectName: objectNames.get(own) ?? own,
    posting: { ...shared, ...division },
  }));
  return { id, lines: movement.lines, legs, usesUp: [] };
}

function movementOf(
  { lines, claims = [] }: PlannedMovement,
  account: (name: string) => string,
): Movement {
  return {
    lines: lines.map((line) => ({
      ...line,
      account: account(line.account),
      counterparty: account(line.counterparty),
    })),
    claims: claims.map((claim) => ({
      account: account(claim.account),
      key: `payment:${claim.reference}`,
      amount: 1,
      refusal: "duplicate_payment_reference",
    })),
  };
}
