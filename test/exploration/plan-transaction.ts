// From the plan of a transaction to what a log would record and send: lines, legs and accounts.
// Requests go through their operation; a planned movement takes the same way from there on.
import { originKey } from "../../src/domain/operations/operation.ts";
import {
  accountObjectName,
  transactionIdFor,
  userIdFor,
  walletIdOfUser,
} from "../../src/domain/ids.ts";
import type { AccountLine } from "../../src/domain/ledger/line.ts";
import type { SentRequest } from "../../src/domain/operations/all.ts";
import {
  externalAccount,
  type Claim,
  type Movement,
} from "../../src/domain/operations/operation.ts";
import {
  addressOf,
  legsOf,
  linesOf,
  submissionOf,
  type Division,
  type Leg,
} from "../../src/domain/protocol/transaction.ts";
import { operationOf } from "../operations/all.ts";
import type {
  Configuration,
  PlannedClaim,
  PlannedMovement,
  PlannedRequest,
  PlannedTransaction,
} from "./planned.ts";

const tenant = "tenant";

/** A leg with the name of the object that keeps it. */
export interface PlacedLeg extends Leg {
  readonly objectName: string;
}

export interface Recorded {
  readonly id: string;
  readonly lines: readonly AccountLine[];
  readonly legs: readonly PlacedLeg[];
  /** The transaction that it ends or reverses. */
  readonly originId?: string;
}

type Divide = (movement: Movement) => readonly Division[];

export function walletObjectName(name: string): string {
  return accountObjectName(tenant, { class: "wallet", id: walletId(name) });
}

function walletId(name: string): string {
  return walletIdOfUser(userIdFor(tenant, name));
}

function transactionId(number: number): string {
  return transactionIdFor(tenant, `key ${number}`);
}

/** `number`: 1, 2, ... */
export function record(
  planned: PlannedTransaction,
  number: number,
  configuration: Configuration,
  divide: Divide,
): Recorded {
  return "request" in planned
    ? recordRequest(planned.request, number)
    : recordMovement(planned.movement, number, configuration, divide);
}

function recordRequest(planned: PlannedRequest, number: number): Recorded {
  const named = { ...planned, amount: 1 } as SentRequest;
  const sent = operationOf(named).renamed(named, walletId);
  const submission = submissionOf(tenant, `key ${number}`, sent, "USD");
  const lines = linesOf(submission.request);
  const legs = legsOf({ ...submission, lines }).map((leg) => ({
    ...leg,
    objectName: accountObjectName(tenant, addressOf(submission, leg.account)),
  }));
  return { id: submission.id, lines, legs };
}

function recordMovement(
  planned: PlannedMovement,
  number: number,
  { wallets }: Configuration,
  divide: Divide,
): Recorded {
  const isWallet = (name: string) => wallets.some((wallet) => wallet.name === name);
  const account = (name: string) => (isWallet(name) ? walletId(name) : externalAccount(name));
  const movement = movementOf(planned, account);
  const id = transactionId(number);
  const shared = { transactionId: id, fingerprint: `of ${number}`, type: "transfer" } as const;
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
  const originId = movement.origin?.transactionId;
  return { id, lines: movement.lines, legs, ...(originId !== undefined && { originId }) };
}

function movementOf(planned: PlannedMovement, account: (name: string) => string): Movement {
  const { lines, claims = [], origin } = planned;
  return {
    lines: lines.map((line) => ({
      ...line,
      account: account(line.account),
      counterparty: account(line.counterparty),
    })),
    claims: claims.map((claim) => ({ ...claimOf(claim), account: account(claim.account) })),
    ...(origin && {
      origin: {
        transactionId: transactionId(origin.of),
        accounts: origin.accounts.map(account),
        refusal: "transaction_expired",
      },
    }),
  };
}

/** No operation has claims on an origin yet, so they are refused like those on a reference. */
function claimOf(claim: PlannedClaim): Claim {
  const { amount = 1 } = claim;
  const key = "of" in claim ? originKey(transactionId(claim.of)) : `payment:${claim.reference}`;
  return { key, amount, refusal: "duplicate_payment_reference" };
}
