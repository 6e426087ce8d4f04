// An authorization: a transfer or a withdrawal with `"capture": "manual"`. Frozen: the wording of a
// renderer.
import { z } from "@hono/zod-openapi";
import type { Authorized, StoredAuthorization } from "../../domain/operations/authorization.ts";
import { authorizationState, expiresAt, expiresIn, sides } from "../schemas/authorization.ts";
import * as examples from "../schemas/examples.ts";
import { amount, currencyCode, idOf, transactionStatus } from "../schemas/fields.ts";
import { details, outcome } from "../schemas/movement.ts";
import { ownLines, type ShownOperation } from "./operation.ts";

const fields = {
  id: idOf("txn", examples.authorizationId),
  type: z.literal("authorization"),
  status: transactionStatus,
  amount,
  currency: currencyCode,
  ...sides,
  expiresIn,
  expiresAt,
  ...details,
};

export const Authorization = z.object(fields).openapi("Authorization", {
  description: "Money of a wallet that is reserved for another one, or for a payout.",
});

export const AuthorizationDetails = z
  .object({ ...fields, ...outcome, authorization: authorizationState.optional() })
  .openapi("AuthorizationDetails", {
    description: "An authorization with its outcome. `authorization` is there once it committed.",
  });

/** Wording and order of keys, of an authorization and of all its ends. Frozen. */
export function renderSides({
  fromWalletId,
  toWalletId,
  payoutReference,
  provider,
}: Pick<Authorized, keyof typeof sides>) {
  return {
    fromWalletId,
    ...(toWalletId !== undefined && { toWalletId }),
    ...(payoutReference !== undefined && { payoutReference }),
    ...(provider !== undefined && { provider }),
  };
}

/** Of the documentation. */
export const authorizationExample = examples.committed(
  examples.exampleKeys.authorization,
  { type: "authorization", ...examples.newAuthorization },
  examples.authorizedAt,
);

export const authorization = {
  type: "authorization",
  does: "reserves it for a receiver",
  answer: Authorization,
  answerDetails: AuthorizationDetails,

  render1: (request, { id, status, details: end, createdAt }) => ({
    id,
    type: request.type,
    status,
    amount: request.amount,
    currency: request.currency,
    ...renderSides(request),
    expiresIn: request.expiresIn,
    expiresAt: new Date(createdAt + request.expiresIn * 1_000).toISOString(),
    ...end,
  }),

  seenBy: ownLines,

  concerns: ({ toWalletId }) => toWalletId,
} as const satisfies ShownOperation<StoredAuthorization, z.infer<typeof Authorization>>;

/** Told from what any other transaction is shown as. */
export function isAuthorization<Shown extends { readonly type: string }>(
  shown: Shown,
): shown is Shown & { readonly type: "authorization" } {
  return shown.type === authorization.type;
}
