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
import type { MovementDetails, TransactionStatus } from "../schemas/movement.ts";

/** What a body asks for. `walletId`: the wallet that the access log names. `spends`: the wallet
 *  that a user has to own. `problem`: why no transaction can come of it; not recorded. */
export type Reading<Sent> =
  | { readonly sent: Sent; readonly walletId: string; readonly spends?: string }
  | { readonly problem: "same_wallet" | "wallet_not_found" };

/** What a rendering is given besides the request, rendered already. */
export interface Rendered {
  readonly id: string;
  readonly status: TransactionStatus;
  readonly details: MovementDetails;
}

/** What a rendering shows of a record. */
export interface Seen<Stored extends TransactionRequest = TransactionRequest> {
  readonly request: Stored;
  readonly lines: TransactionRecord["lines"];
}

/** Methods, so that the list can be called through the type of all operations: a request is always
 *  looked up by its own type. */
export interface HttpOperation<
  Input extends z.ZodType = z.ZodType,
  Sent extends SentRequest = SentRequest,
  Stored extends TransactionRequest = TransactionRequest,
  Shown extends object = object,
> {
  readonly type: OperationType;
  readonly path: `/transactions/${string}`;
  /** One of them opens the route; `scopesOf` says what a request needs. */
  readonly scopes: readonly Scope[];
  /** Whether a user may ask for it, with the user's own token. */
  readonly forUsers: boolean;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** What it does, as the end of a sentence that begins with its type. */
  readonly does: string;
  readonly input: Input;
  readonly answer: z.ZodType<Shown>;
  /** The answer to a read: the same, and what became of it. */
  readonly answerDetails: z.ZodObject;
  /** Answered before the key is looked up, besides those of every body. */
  readonly problems: readonly ProblemCode[];
  readonly example: {
    readonly key: string;
    readonly body: object;
    readonly record: TransactionRecord;
  };
  /** All that a validated body needs. */
  scopesOf(body: Exact<z.output<Input>>): readonly Scope[];
  /** From the validated body to the request. */
  read(body: Exact<z.output<Input>>): Reading<Sent>;
  /** Wording and order of keys of renderers 1 and 2. Frozen. */
  render1(request: Stored, rendered: Rendered): Shown;
  /** What the owner of a wallet that has a line in it may see. */
  seenBy(walletId: string, whole: Seen<Stored>): Seen<Stored>;
}
