// From codes to answers: the only list of statuses, titles and details. RFC 9457 bodies with a
// fixed order of keys. The wording of refusals is frozen: recorded ones are answered from it for
// ever, so a change needs a new renderer version in render.ts.
import { type ProblemCode, type Refusal, type RefusalCode } from "../domain/errors.ts";
import { bodyBytesMax, fieldErrorsMax } from "../domain/limits.ts";
import type { AppContext } from "./context.ts";

interface Wording {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  readonly title: string;
  readonly detail: string;
}

export const wordings: Readonly<Record<ProblemCode, Wording>> = {
  not_found: {
    status: 404,
    title: "Not found",
    detail: "There is nothing at this address.",
  },
  method_not_allowed: {
    status: 405,
    title: "Method not allowed",
    detail: "This address does not answer the method. The Allow header lists those it answers.",
  },
  auth_not_configured: {
    status: 503,
    title: "Authentication is not configured",
    detail:
      "No API key or token issuer is configured, or its settings are wrong. The service's log " +
      "names the setting.",
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
    detail: "These credentials do not have the scope that the operation needs.",
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
    detail: `The body must not be longer than ${bodyBytesMax} bytes.`,
  },
  malformed_json: {
    status: 400,
    title: "Malformed JSON",
    detail:
      "The body is not strict JSON: one value in UTF-8, each field once, not nested too deep.",
  },
  validation_failed: {
    status: 400,
    title: "Validation failed",
    detail: "The request is not of the documented shape. The errors name the fields.",
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
  idempotency_key_reused: {
    status: 422,
    title: "Idempotency-Key reused",
    detail: "The Idempotency-Key was used before with another request. Use a new key.",
  },
  wallet_not_found: {
    status: 404,
    title: "Wallet not found",
    detail: "A wallet that the request names does not exist.",
  },
  wallet_frozen: {
    status: 422,
    title: "Wallet frozen",
    detail: "The sender's wallet is frozen. Nothing was moved.",
  },
  duplicate_payment_reference: {
    status: 409,
    title: "Duplicate payment reference",
    detail: "The provider's payment reference was used by an earlier transaction.",
  },
  insufficient_funds: {
    status: 422,
    title: "Insufficient funds",
    detail: "The sender's available balance is less than the amount. Nothing was moved.",
  },
  balance_limit_exceeded: {
    status: 422,
    title: "Balance limit exceeded",
    detail: "The receiver's balance would exceed 9007199254740991. Nothing was moved.",
  },
  transaction_expired: {
    status: 422,
    title: "Transaction expired",
    detail:
      "The transaction was not decided in time. Nothing moved and nothing will: use a new key.",
  },
  internal: {
    status: 500,
    title: "Internal error",
    detail:
      "The outcome is unknown. Repeat the same request, a write with the same Idempotency-Key.",
  },
};

/** One thing that is wrong with a request. `path`: the field, as in `metadata.colour`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The page that explains the codes; a relative reference, because it moves with the service. */
export const errorsPath = "/docs/errors";

function wordingOf<Code extends ProblemCode>(code: Code) {
  const { status, title, detail } = wordings[code];
  return { type: `${errorsPath}#${code}`, title, status, code, detail };
}

/** The body for a refusal that a transaction records. It holds nothing that is not recorded. */
export function refusalBody(refusal: Refusal, transactionId: string) {
  return {
    ...wordingOf<RefusalCode>(refusal.code),
    instance: `/transactions/${transactionId}`,
    ...(refusal.transactionId !== undefined && { transactionId: refusal.transactionId }),
  };
}

/** The body for a problem that nobody records. Of many errors the first are told. */
export function problemBody(
  code: ProblemCode,
  request: { readonly path: string; readonly requestId: string },
  errors?: readonly FieldError[],
) {
  return {
    ...wordingOf(code),
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

/** A problem+json answer. Whoever may simply repeat the request is told when. */
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

/** `not_found` where the address is right and names something that is not there, or is hidden. */
export function answerUnknown(c: AppContext, what: Unknown): Response {
  const path = new URL(c.req.url).pathname;
  return answerBody(c, unknownBody(what, { path, requestId: c.get("requestId") }));
}

/** `forbidden`, by the name of the scope that is missing: for people in the detail, for clients in
 *  the challenge (RFC 6750). A route that no scope opens names none. */
export function answerForbidden(c: AppContext, ...missing: readonly (string | undefined)[]) {
  c.set("denied", "missing_scope");
  const names = missing.filter((name) => name !== undefined);
  const path = new URL(c.req.url).pathname;
  const body = problemBody("forbidden", { path, requestId: c.get("requestId") });
  if (names.length === 0) return answerBody(c, body);
  const challenge = `Bearer realm="edge-ledger", error="insufficient_scope"`;
  c.header("WWW-Authenticate", `${challenge}, scope="${names.join(" ")}"`);
  const detail = `These credentials lack what the operation needs: ${names.join(", ")}.`;
  return answerBody(c, { ...body, detail });
}
