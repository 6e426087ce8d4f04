// Renders records as response bodies. The wording and the order of keys of a renderer version never
// change, so that a replay is byte-identical at any age; a record names its renderer version.
// test/golden/ keeps records and their bytes.
import type { z } from "@hono/zod-openapi";
import type { FreezeRecord, UserRecord } from "../durable-objects/wallet/contract.ts";
import { userIdOfWallet } from "../domain/ids.ts";
import type { SagaState } from "../domain/protocol/saga.ts";
import type { TransactionRecord } from "../domain/protocol/transaction.ts";
import type { AccountLine } from "../domain/ledger/line.ts";
import type { AuthorizationState } from "./authorization-state.ts";
import type { EntryPlaces } from "./entry-places.ts";
import { refusalWordings1, refusalWordings2, type RefusalWordings } from "./frozen-wordings.ts";
import { httpOperationOf, type Transaction } from "./operations/all.ts";
import { refusalBody } from "./problem.ts";
import type { Reversals } from "./reversals.ts";
import type { Freeze } from "./schemas/freeze.ts";
import type { TransactionDetails } from "./schemas/transaction.ts";
import type { TransactionStatus } from "./schemas/movement.ts";
import type { User } from "./schemas/user.ts";

type UserBody = z.infer<typeof User>;
type FreezeBody = z.infer<typeof Freeze>;
type RefusalBody = ReturnType<typeof refusalBody>;

interface Renderer {
  readonly user: (user: UserRecord) => UserBody;
  readonly freeze: (freeze: FreezeRecord) => FreezeBody;
  readonly transaction: (record: TransactionRecord, status: TransactionStatus) => Transaction;
  readonly refusal: (record: TransactionRecord) => RefusalBody;
}

const version1: Renderer = {
  user: (user) => ({
    id: userIdOfWallet(user.walletId),
    walletId: user.walletId,
    name: user.name,
    ...(user.email !== undefined && { email: user.email }),
    ...(user.metadata !== undefined && { metadata: user.metadata }),
    createdAt: renderTime(user.createdAt),
  }),

  freeze: ({ id, walletId, frozen, reason, principal, createdAt }) => ({
    id,
    walletId,
    frozen,
    reason,
    createdBy: principal,
    createdAt: renderTime(createdAt),
  }),

  transaction({ id, request, lines, createdAt }, status) {
    const { description, metadata } = request;
    const details = {
      ...(description !== undefined && { description }),
      ...(metadata !== undefined && { metadata }),
      legs: lines.map(({ account, bucket, direction, amount, currency }) => ({
        account,
        ...(bucket === "reserved" && { bucket }),
        direction,
        amount,
        currency,
      })),
      createdAt: renderTime(createdAt),
    };
    return httpOperationOf(request).render1(request, { id, status, details, createdAt });
  },

  refusal: (record) => refusalFrom(refusalWordings1, record),
};

/** Refusals are worded for transactions of any number of accounts. */
const version2: Renderer = {
  ...version1,
  refusal: (record) => refusalFrom(refusalWordings2, record),
};

const renderers: ReadonlyMap<number, Renderer> = new Map([
  [1, version1],
  [2, version2],
]);

function refusalFrom(wordings: RefusalWordings, { id, refusal }: TransactionRecord): RefusalBody {
  if (!refusal) throw new Error(`rejected without a refusal: ${id}`);
  return refusalBody(refusal, id, wordings);
}

function rendererOf(record: { readonly renderer: number }): Renderer {
  const renderer = renderers.get(record.renderer);
  if (!renderer) throw new Error(`no such renderer: ${record.renderer}`);
  return renderer;
}

/** Ms since the epoch as UTC with milliseconds. */
export function renderTime(time: number): string {
  return new Date(time).toISOString();
}

export function statusOf(state: SagaState): TransactionStatus {
  return state === "preparing" ? "pending" : state;
}

export function renderUser(user: UserRecord): UserBody {
  return rendererOf(user).user(user);
}

export function renderFreeze(freeze: FreezeRecord): FreezeBody {
  return rendererOf(freeze).freeze(freeze);
}

/** The answer to a write: `pending` until every account has posted. */
export function renderSubmission(
  record: TransactionRecord,
  pending: boolean,
  reader: Omit<Reader, "isOperator"> = {},
): Transaction {
  const seen = seenBy(reader, record);
  return rendererOf(record).transaction(seen, pending ? "pending" : statusOf(record.state));
}

/** The recorded refusal of a rejected transaction. */
export function renderRefusal(record: TransactionRecord): RefusalBody {
  return rendererOf(record).refusal(record);
}

/** What else there is of a transaction, in its accounts: absent where there can be none. */
interface Surroundings {
  readonly reversals?: Reversals;
  readonly authorization?: AuthorizationState;
  readonly entries?: EntryPlaces;
}

function renderAuthorization({ expiresAt, end }: AuthorizationState) {
  return {
    status: (end && httpOperationOf(end).endsAs) ?? ("open" as const),
    expiresAt: renderTime(expiresAt),
    ...(end && { endedBy: end.transactionId }),
  };
}

interface Reader {
  readonly isOperator: boolean;
  /** Of a user. */
  readonly walletId?: string;
}

/** The record without what the reader may not see; a wallet out of sight is not named either. */
function seenBy(
  { walletId }: Omit<Reader, "isOperator">,
  record: TransactionRecord,
): TransactionRecord {
  if (walletId === undefined) return record;
  const { request, lines } = httpOperationOf(record.request).seenBy(walletId, record);
  const { refusal, ...others } = record;
  if (!refusal) return { ...others, request, lines };
  const { account, ...unnamed } = refusal;
  const isSeen = lines.some((line) => line.account === account);
  return { ...others, request, lines, refusal: isSeen ? refusal : unnamed };
}

function placeOf(line: AccountLine | undefined, entries: EntryPlaces | undefined) {
  return line && entries?.get(line);
}

/** The answer to reading a transaction. `createdBy` is shown to operators only. */
export function renderDetails(
  record: TransactionRecord,
  reader: Reader,
  { reversals, authorization, entries }: Surroundings = {},
): z.infer<typeof TransactionDetails> {
  const seen = seenBy(reader, record);
  const { state, refusal, principal, decidedAt, settledAt } = seen;
  const body = rendererOf(record).transaction(seen, statusOf(state));
  const legs = body.legs.map((leg, index) => ({ ...leg, ...placeOf(seen.lines[index], entries) }));
  return {
    ...body,
    legs,
    ...(reader.isOperator && { createdBy: principal }),
    ...(decidedAt !== undefined && { decidedAt: renderTime(decidedAt) }),
    ...(settledAt !== undefined && { settledAt: renderTime(settledAt) }),
    ...reversals,
    ...(refusal && { problem: renderRefusal(seen) }),
    ...(authorization && { authorization: renderAuthorization(authorization) }),
  };
}
