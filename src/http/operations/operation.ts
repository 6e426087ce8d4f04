// The edge's interface of an operation. Each one has a module here, listed in all.ts, and one
// in the domain; routes, access, rendering and the document take operations from the list.
// May not call an object, nor answer: that is routes/move-money.ts, once for all of them.
import type { z } from "@hono/zod-openapi";
import type {
  OperationType,
  SentRequest,
  TransactionRequest,
} from "../../domain/operations/all.ts";
import type { ProblemCode } from "../../domain/errors.ts";
import type { Scope } from "../../domain/principal.ts";
import type { TransactionRecord } from "../../domain/protocol/transaction.ts";
import type { Exact } from "../context.ts";
import type { EndStatus } from "../schemas/authorization.ts";
import type { MovementDetails, TransactionStatus } from "../schemas/movement.ts";

/** Why no transaction can come of a request; not recorded. */
export type ImpossibleRequest = Extract<
  ProblemCode,
  | "amount_exceeds_authorization"
  | "not_a_payout"
  | "not_an_authorization"
  | "not_reversible"
  | "payout_reference_differs"
  | "payout_reference_missing"
  | "same_wallet"
  | "transaction_not_found"
  | "wallet_not_found"
>;

/** What a body asks for. `walletId`: the wallet that the access log names. `spends`: the wallet
 *  that a user has to own. */
export type Reading<Sent> =
  | { readonly sent: Sent; readonly walletId: string; readonly spends?: string }
  | { readonly problem: ImpossibleRequest };

/** What a rendering is given besides the request, rendered already. */
export interface Rendered {
  readonly id: string;
  readonly status: TransactionStatus;
  readonly details: MovementDetails;
  /** Ms since the epoch. */
  readonly createdAt: number;
}

/** What a rendering shows of a record. */
export interface Seen<Stored extends TransactionRequest = TransactionRequest> {
  readonly request: Stored;
  readonly lines: TransactionRecord["lines"];
}

/** What a user sees who has no business with the other lines: the own ones. */
export function ownLines<Stored extends TransactionRequest>(
  walletId: string,
  { request, lines }: Seen<Stored>,
): Seen<Stored> {
  return { request, lines: lines.filter(({ account }) => account === walletId) };
}

/** How an operation is shown. Methods, so that the list can be called through the type of all
 *  operations: a request is always looked up by its own type. */
export interface ShownOperation<
  Stored extends TransactionRequest = TransactionRequest,
  Shown extends object = object,
> {
  readonly type: OperationType;
  /** What it does, as the end of a sentence that begins with its type. */
  readonly does: string;
  readonly answer: z.ZodType<Shown>;
  /** The answer to a read: the same, and what became of it. */
  readonly answerDetails: z.ZodObject;
  /** Of one that ends its origin: what has become of that. */
  readonly endsAs?: EndStatus;
  /** Wording and order of keys of renderers 1 and 2. Frozen. */
  render1(request: Stored, rendered: Rendered): Shown;
  /** What the owner of a wallet that it concerns may see. */
  seenBy(walletId: string, whole: Seen<Stored>): Seen<Stored>;
  /** A wallet that it concerns though it may have no line there, if there is one. */
  concerns?(request: Stored): string | undefined;
}

/** One that clients ask for by a path of its own. */
export interface HttpOperation<
  Input extends z.ZodObject = z.ZodObject,
  Sent extends SentRequest = SentRequest,
  Stored extends TransactionRequest = TransactionRequest,
  Shown extends object = object,
> extends ShownOperation<Stored, Shown> {
  /** With `{id}`: it acts on the transaction of that id, which `read` is given. */
  readonly path: "/transactions" | `/transactions/${string}`;
  /** One of them opens the route; `scopesOf` says what a request needs. */
  readonly scopes: readonly Scope[];
  /** Whether a user may ask for it, with the user's own token. */
  readonly forUsers: boolean;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly input: Input;
  /** Of other operations that its path is good for, too. */
  readonly otherAnswers?: readonly z.ZodType[];
  /** Answered before the key is looked up, besides those of every body. */
  readonly problems: readonly ProblemCode[];
  readonly example: {
    readonly key: string;
    readonly body: object;
    readonly record: TransactionRecord;
  };
  /** All that a validated body needs. `origin` as for `read`. */
  scopesOf(body: Exact<z.output<Input>>, origin?: TransactionRecord): readonly Scope[];
  /** From the validated body to the request. `origin`: the transaction that the path names, as it
   *  is recorded, in whatever state. */
  read(body: Exact<z.output<Input>>, origin?: TransactionRecord): Reading<Sent>;
}
