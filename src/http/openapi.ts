// The OpenAPI document and the pieces that its routes share. Everything in it comes from the
// schemas that validate and from the list of problems.
import { z } from "@hono/zod-openapi";
import manifest from "../../package.json" with { type: "json" };
import type { ProblemCode } from "../domain/errors.ts";
import type { App } from "./context.ts";
import { idempotencyKeyLengthMax } from "../domain/limits.ts";
import { accessTo } from "./access.ts";
import { withPlainReferences } from "./plain-references.ts";
import { exampleOf, isRefusal, type ProblemOptions } from "./problem-examples.ts";
import { wordings } from "./problem.ts";
import * as examples from "./schemas/examples.ts";
import { Problem } from "./schemas/problem.ts";

type Examples = Record<string, { summary: string; value: object }>;
type ProblemContent = { readonly schema: typeof Problem; readonly examples: Examples };

/** What the document says of one status. */
interface ResponseConfig {
  readonly description: string;
  readonly headers: ReturnType<typeof responseHeaders>;
  readonly content: { readonly "application/problem+json": ProblemContent };
}

const headerComponents = {
  "X-Request-Id": {
    description: "The id of the request: the one that it carried, if valid, else a new one.",
    schema: { type: "string", pattern: "^[A-Za-z0-9_-]{1,64}$" },
    example: examples.requestId,
  },
  Location: {
    description: "The path of the created resource.",
    schema: { type: "string", format: "uri-reference" },
    example: `/transactions/${examples.transferId}`,
  },
  "Retry-After": {
    description: "Seconds to wait before the same request is repeated.",
    schema: { type: "integer", format: "int64", minimum: 0, maximum: 3600 },
    example: 1,
  },
  "WWW-Authenticate": {
    description: "The scheme and the reason: an invalid credential, or the missing scope.",
    schema: { type: "string" },
    example: 'Bearer realm="edge-ledger", error="invalid_token"',
  },
  "Accept-Encoding": {
    description: "Present if the body was encoded: only unencoded bodies are accepted.",
    schema: { type: "string", const: "identity" },
    example: "identity",
  },
  "Idempotent-Replayed": {
    description: "Present if this answer replays an earlier request with the same key.",
    schema: { type: "string", const: "true" },
    example: "true",
  },
} as const;

export type HeaderName = keyof typeof headerComponents;

/** References to the documented headers; X-Request-Id is on every answer. */
export function responseHeaders(...names: HeaderName[]) {
  const all: HeaderName[] = ["X-Request-Id", ...names];
  return Object.fromEntries(
    all.map((name) => [name, { $ref: `#/components/headers/${name}` }] as const),
  );
}

/** A key, bare or as a string of RFC 9651; what the middleware accepts besides are escapes. */
const idempotencyKey = z.string().openapi({
  minLength: 1,
  maxLength: idempotencyKeyLengthMax + 2,
  pattern: String.raw`^([!#-+\--~][!-+\--~]{0,254}|"[!#-+\--\[\]-~]{1,255}")$`,
  description:
    "Identifies this operation: 1 to 255 visible ASCII characters without comma or space. Never " +
    'expires. A retry with the same key gets the same answer and has no second effect. `"abc"` ' +
    "in quotes, as in the IETF draft, is the same key as `abc`.",
});

/** The header of every write, in the casing of the document; requests may use any. Each operation
 *  has an example of its own, so that all of them can be tried on one service. */
export function writeHeaders(exampleKey: string) {
  return z.object({ "Idempotency-Key": idempotencyKey.openapi({ example: exampleKey }) });
}

/** Problems of authentication and authorization: every route that is not public can answer them. */
const callerProblems = [
  "auth_not_configured",
  "rate_limited",
  "unauthenticated",
  "forbidden",
] as const satisfies readonly ProblemCode[];

export const bodyProblems = [
  "unsupported_media_type",
  "payload_too_large",
  "malformed_json",
  "validation_failed",
  "idempotency_key_missing",
  "idempotency_key_invalid",
] as const satisfies readonly ProblemCode[];

/** The problems that a route can answer, by status, each with its example. Those of the caller,
 *  `validation_failed` (for a query that is not read), `overloaded` and `internal` are added: any
 *  route that is not public can meet them. */
export function problemResponses(
  path: string,
  codes: readonly ProblemCode[],
  options: ProblemOptions = {},
): Record<number, ResponseConfig> {
  const responses: Record<number, ResponseConfig> = {};
  const takesBody = codes.includes("malformed_json");
  const query = codes.includes("validation_failed") ? [] : (["validation_failed"] as const);
  const byStatus = Map.groupBy(
    [...callerProblems, ...query, ...codes, "overloaded", "internal"] as const,
    (code) => wordings[code].status,
  );
  for (const [status, group] of byStatus) {
    const names: HeaderName[] = [];
    if (status === 429 || status === 503) names.push("Retry-After");
    if (status === 401 || status === 403) names.push("WWW-Authenticate");
    if (status === 415) names.push("Accept-Encoding");
    if (options.record && group.some(isRefusal)) names.push("Idempotent-Replayed");
    responses[status] = {
      description: group.map((code) => `\`${code}\`: ${wordings[code].detail}`).join("\n\n"),
      headers: responseHeaders(...names),
      content: {
        "application/problem+json": {
          schema: Problem,
          examples: Object.fromEntries(
            group.map((code) => [
              code,
              {
                summary: wordings[code].title,
                value: exampleOf(code, path, { ...options, takesBody }),
              },
            ]),
          ),
        },
      },
    };
  }
  return responses;
}

const introduction = `
Users have wallets; money enters by an external payment reference, moves between wallets and leaves
by a payout reference; every balance is derived from an append-only double-entry ledger.

- **Amounts** are integers in minor units, from 1 to 9007199254740991. JSON is read strictly:
  \`1.0\`, \`1e3\`, duplicate or unknown fields and strings in place of numbers are refused.
- **Every POST needs an Idempotency-Key.** A 201, and a refusal whose \`instance\` names a
  transaction, is final for the key: a retry gets the same bytes. Other 4xx answers, including the
  404 of a wallet id that cannot exist, are not recorded, and the key may be used again after them.
  A 202 or a 5xx means that the outcome is unknown: repeat the same request with the same key.
  Creating users and moving money have separate namespaces of keys.
- **A 201 is sent only after every account has posted**, so the next read sees it.
- **Authentication**: \`Authorization: Bearer ...\` with an API key or a user token. The scope that
  an operation needs is listed under its lock; where several are, one of them opens it. A
  user token is valid for the user's own wallet only.
- **Errors** are problem+json; \`code\` is for programs. [/docs/errors](/docs/errors) explains each.
`.trim();

const licenseId = "LicenseRef-Proprietary";

const information = {
  openapi: "3.1.0",
  info: {
    title: "Edge ledger",
    version: manifest.version,
    summary: "Wallets and transfers on a double-entry ledger.",
    description: introduction,
    // Both are the identifier: generators put the name where package managers expect SPDX.
    license: { name: licenseId, identifier: licenseId },
    contact: { name: "The maintainers of the edge ledger" },
  },
  servers: [{ url: "/", description: "The service that serves this document." }],
  // Every operation has its own security requirement.
  security: [],
  tags: [
    {
      name: "Users",
      description: "Each user has exactly one wallet; the two ids differ in their prefix only.",
    },
    { name: "Wallets", description: "Balances, freezes and audits of wallets." },
    {
      name: "Transactions",
      description:
        "Money movements: fundings, withdrawals, transfers, splits, authorizations with their " +
        "ends, and reversals.",
    },
    { name: "Operations", description: "Health, unfinished work and consistency checks." },
    { name: "Administration", description: "API key administration." },
  ],
};

/** Named so that no type generated from them has the name of a schema's type. */
const securitySchemes = {
  apiKeyAuth: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "wk_<environment>_<key id>_<secret>",
    description: "An API key, for back ends. Created with its scopes by POST /admin/keys.",
  },
  userTokenAuth: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description:
      "A user's own token, with the claims `sub` (`usr_...`), `tenant` and `scopes` (a list). " +
      "Reads the user's wallet and its transactions, and transfers from it. Anything else is " +
      "answered as if it did not exist.",
  },
} as const;

export function registerComponents(app: App): void {
  for (const [name, header] of Object.entries(headerComponents)) {
    app.openAPIRegistry.registerComponent("headers", name, header);
  }
  for (const [name, scheme] of Object.entries(securitySchemes)) {
    app.openAPIRegistry.registerComponent("securitySchemes", name, scheme);
  }
}

/** The security requirement of the operation, from the access table. */
function securityOf(method: string, path: string) {
  const pattern = path.replaceAll(/\{(\w+)\}/g, ":$1");
  const access = accessTo({ method: method.toUpperCase(), pattern });
  if (access === undefined) throw new Error(`not in the access table: ${method} ${path}`);
  if (access === "public") return [];
  const schemes = access.forUsers ? ["apiKeyAuth", "userTokenAuth"] : ["apiKeyAuth"];
  return schemes.flatMap((scheme) => access.scopes.map((scope) => ({ [scheme]: [scope] })));
}

export function openApiDocument(app: App) {
  const document = withPlainReferences(app.getOpenAPI31Document(information));
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(item)) {
      (operation as { security?: object }).security = securityOf(method, path);
    }
  }
  return document;
}
