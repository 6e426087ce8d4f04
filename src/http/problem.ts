// Problem bodies (RFC 9457) with a fixed order of keys, and the live wordings: those that no record
// is rendered with and that may be reworded. The wordings of recorded refusals are frozen and are
// in frozen-wordings.ts.
import { type ProblemCode, type Refusal, type RefusalCode } from "../domain/errors.ts";
import type { Scope } from "../domain/principal.ts";
import { bodyBytesMax, fieldErrorsMax } from "../domain/limits.ts";
import type { AppContext } from "./context.ts";
import { refusalWordings2, type RefusalWordings, type Wording } from "./frozen-wordings.ts";

export function tooLarge(bytesMax: number): string {
  return `The body must not be longer than ${bytesMax} bytes.`;
}

/** Wordings that are never recorded. They may be improved; status and code are the contract. */
const liveWordings: Readonly<Record<Exclude<ProblemCode, RefusalCode>, Wording>> = {
  not_found: {
    status: 404,
    title: "Not found",
    detail: "No resource exists at this path.",
  },
  method_not_allowed: {
    status: 405,
    title: "Method not allowed",
    detail: "This path does not support the method. The Allow header lists those it supports.",
  },
  auth_not_configured: {
    status: 503,
    title: "Authentication is not configured",
    detail:
      "No API key or token issuer is configured, or a setting is invalid; all requests are " +
      "refused. The service's log names the setting.",
  },
  rate_limited: {
    status: 429,
    title: "Too many requests",
    detail: "Wait for the time in the Retry-After header, then repeat the same request.",
  },
  unauthenticated: {
    status: 401,
    title: "Not authenticated",
    detail: "The request carries no valid credentials.",
  },
  forbidden: {
    status: 403,
    title: "Forbidden",
    detail: "These credentials do not permit the operation.",
  },
  overloaded: {
    status: 503,
    title: "Overloaded",
    detail:
      "The outcome is unknown. Repeat the same request, a write with the same Idempotency-Key.",
  },
  unsupported_media_type: {
    status: 415,
    title: "Unsupported media type",
    detail: "The body must be sent as application/json, in UTF-8.",
  },
  payload_too_large: {
    status: 413,
    title: "Payload too large",
    detail: tooLarge(bodyBytesMax),
  },
  malformed_json: {
    status: 400,
    title: "Malformed JSON",
    detail:
      "The body is not strict JSON: one value in UTF-8, no duplicate field, not nested too deeply.",
  },
  validation_failed: {
    status: 400,
    title: "Validation failed",
    detail: "The request does not match the documented schema. The errors name the fields.",
  },
  idempotency_key_missing: {
    status: 400,
    title: "Idempotency-Key missing",
    detail: "Every write needs an Idempotency-Key header.",
  },
  idempotency_key_invalid: {
    status: 400,
    title: "Idempotency-Key invalid",
    detail: "An Idempotency-Key is 1 to 255 visible ASCII characters without comma or space.",
  },
  same_wallet: {
    status: 422,
    title: "Same wallet",
    detail: "Sender and receiver are the same wallet.",
  },
  transaction_not_found: {
    status: 404,
    title: "Transaction not found",
    detail: "The transaction that the request names does not exist.",
  },
  not_reversible: {
    status: 422,
    title: "Not reversible",
    detail: "The transaction that the request names cannot be reversed, or only as a whole.",
  },
  not_an_authorization: {
    status: 422,
    title: "Not an authorization",
    detail: "The transaction that the request names is not an authorization.",
  },
  amount_exceeds_authorization: {
    status: 422,
    title: "Amount exceeds the authorization",
    detail: "The amount is larger than what is authorized.",
  },
  not_a_payout: {
    status: 422,
    title: "Not a payout",
    detail: "The authorization is for a wallet: its capture has no payout reference.",
  },
  payout_reference_missing: {
    status: 422,
    title: "Payout reference missing",
    detail: "The authorization has no payout reference, so its capture has to name it.",
  },
  payout_reference_differs: {
    status: 422,
    title: "Payout reference differs",
    detail: "The payout reference is not the one of the authorization.",
  },
  idempotency_key_reused: {
    status: 422,
    title: "Idempotency-Key reused",
    detail: "The Idempotency-Key was already used with a different request. Use a new key.",
  },
  internal: {
    status: 500,
    title: "Internal error",
    detail:
      "The outcome is unknown. Repeat the same request, a write with the same Idempotency-Key.",
  },
};

/** By code. A refusal that is answered without being recorded has the newest frozen wording. */
export const wordings: Readonly<Record<ProblemCode, Wording>> = {
  ...liveWordings,
  ...refusalWordings2,
};

/** One thing that is wrong with a request. `path`: the field, as in `metadata.colour`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The page that explains the codes; a relative reference, because it moves with the service. */
export const errorsPath = "/docs/errors";

function startOf<Code extends ProblemCode>(code: Code, { status, title, detail }: Wording) {
  return { type: `${errorsPath}#${code}`, title, status, code, detail };
}

/** The body for a refusal that a transaction records. It holds nothing that is not recorded. */
export function refusalBody(refusal: Refusal, transactionId: string, from: RefusalWordings) {
  const { code, account } = refusal;
  const worded = from[code];
  if (!worded) throw new Error(`the renderer of ${transactionId} has no wording of ${code}`);
  const { detailOf, ...wording } = worded;
  const detail = account === undefined ? undefined : detailOf?.(account);
  return {
    ...startOf(code, detail === undefined ? wording : { ...wording, detail }),
    instance: `/transactions/${transactionId}`,
    ...(refusal.transactionId !== undefined && { transactionId: refusal.transactionId }),
  };
}

/** The body for a problem that is not recorded. Of many field errors only the first are listed. */
export function problemBody(
  code: ProblemCode,
  request: { readonly path: string; readonly requestId: string },
  errors?: readonly FieldError[],
) {
  return {
    ...startOf(code, wordings[code]),
    instance: request.path,
    requestId: request.requestId,
    ...(errors && errors.length > 0 && { errors: errors.slice(0, fieldErrorsMax) }),
  };
}

/** What an address can name. */
export type Unknown = "user" | "transaction" | "API key";

/** The body of `not_found` for something that an address names. */
export function unknownBody(
  what: Unknown,
  request: { readonly path: string; readonly requestId: string },
) {
  return { ...problemBody("not_found", request), detail: `There is no such ${what}.` };
}

export type ProblemBody = ReturnType<typeof refusalBody> | ReturnType<typeof problemBody>;

/** In seconds. Rate limits count over 10 s: wrangler.toml. `auth_not_configured` names no time: a
 *  setting is not put right in seconds. */
const retryAfter: Readonly<Partial<Record<ProblemCode, string>>> = {
  rate_limited: "10",
  overloaded: "1",
};

/** A problem+json answer, with Retry-After where the same request may be repeated. */
export function answerBody(c: AppContext, body: ProblemBody): Response {
  const seconds = retryAfter[body.code];
  if (seconds !== undefined) c.header("Retry-After", seconds);
  const headers = { "content-type": "application/problem+json" };
  return c.body(JSON.stringify(body), body.status, headers);
}

/** `detail`: instead of the code's own, where more is known of the case. */
export function answerProblem(
  c: AppContext,
  code: ProblemCode,
  errors?: readonly FieldError[],
  detail?: string,
): Response {
  const path = new URL(c.req.url).pathname;
  const body = problemBody(code, { path, requestId: c.get("requestId") }, errors);
  return answerBody(c, detail === undefined ? body : { ...body, detail });
}

/** `not_found` for a valid path whose resource does not exist or is hidden from the caller. */
export function answerUnknown(c: AppContext, what: Unknown): Response {
  const path = new URL(c.req.url).pathname;
  return answerBody(c, unknownBody(what, { path, requestId: c.get("requestId") }));
}

/** `forbidden`, naming the missing scopes: in the detail for people, in the challenge for clients
 *  (RFC 6750). Where no scope would help, none is named. */
export function answerForbidden(
  c: AppContext,
  missing: readonly Scope[],
  errors?: readonly FieldError[],
) {
  c.set("denied", "missing_scope");
  const path = new URL(c.req.url).pathname;
  const body = problemBody("forbidden", { path, requestId: c.get("requestId") }, errors);
  if (missing.length === 0) return answerBody(c, body);
  const challenge = `Bearer realm="edge-ledger", error="insufficient_scope"`;
  c.header("WWW-Authenticate", `${challenge}, scope="${missing.join(" ")}"`);
  const detail = `These credentials lack what the operation needs: ${missing.join(", ")}.`;
  return answerBody(c, { ...body, detail });
}
