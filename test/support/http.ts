// The ledger as its clients meet it: requests to the real Worker, nothing replaced. Every answer is
// held against what all answers promise and against docs/openapi.json before a test sees it.
import { exports } from "cloudflare:workers";
import { expect } from "vitest";
import { problemCodes, type ProblemCode } from "../../src/domain/errors.ts";
import { newKey } from "./keys.ts";
import { documentFaults } from "./openapi.ts";

export const origin = "https://localhost";

/** A JSON body, read loosely: tests say what they expect of it. */
export type Body = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The bytes, as text. */
  readonly text: string;
  /** The text as JSON; empty for what is not JSON. */
  readonly body: Body;
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is. */
  readonly body?: string | Uint8Array | ReadableStream<Uint8Array>;
}

const securityHeaders = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
};

/** Of every Content-Security-Policy; only the documentation's own pages allow more. */
const policies = [
  "default-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

function problemFaults({ status, headers, body }: Answer): string[] {
  const faults: string[] = [];
  if (headers.get("content-type") !== "application/problem+json") faults.push("no problem+json");
  if (!problemCodes.includes(body["code"] as ProblemCode)) faults.push("an unknown code");
  if (body["status"] !== status) faults.push("another status in the body");
  if (body["type"] !== `/docs/errors#${String(body["code"])}`) faults.push("another type");
  const id = body["requestId"];
  if (id !== undefined && id !== headers.get("x-request-id")) faults.push("another request id");
  return faults;
}

/** What no answer may lack, whatever was asked. */
function commonFaults(method: string, path: string, answer: Answer): string[] {
  const { status, headers } = answer;
  const faults: string[] = [];
  const check = (good: boolean, what: string) => good || faults.push(what);
  check(/^[A-Za-z0-9_-]{1,64}$/.test(headers.get("x-request-id") ?? ""), "no X-Request-Id");
  check(headers.get("cache-control") === "no-store", "not no-store");
  for (const [name, value] of Object.entries(securityHeaders)) {
    check(headers.get(name) === value, `${name}: ${headers.get(name)}`);
  }
  const policy = headers.get("content-security-policy") ?? "";
  for (const directive of policies) {
    check(policy.split("; ").includes(directive), `content-security-policy: ${policy}`);
  }
  const mendsItself = answer.body["code"] !== "auth_not_configured";
  const repeats = [202, 429, 503].includes(status) && mendsItself;
  check(repeats === headers.has("retry-after"), "Retry-After");
  // A 403 of a route that no scope opens has no challenge.
  const challenged = headers.has("www-authenticate");
  check(status === 403 || (status === 401) === challenged, "WWW-Authenticate");
  check((status === 405) === headers.has("allow"), "Allow");
  check(status === 415 || !headers.has("accept-encoding"), "Accept-Encoding");
  const names = [201, 202, 302].includes(status) && path !== "/transactions/batch";
  check(names === headers.has("location"), "Location");
  const readiness = path === "/health/ready" && status === 503 && "checks" in answer.body;
  const problem = status >= 400 && method !== "HEAD" && !readiness;
  return problem ? [...faults, ...problemFaults(answer)] : faults;
}

const decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

async function readAnswer(response: Response): Promise<Answer> {
  const text = decoder.decode(await response.arrayBuffer());
  const isJson = /[/+]json$/.test(response.headers.get("content-type") ?? "");
  const body = isJson && text !== "" ? (JSON.parse(text) as Body) : {};
  return { status: response.status, headers: response.headers, text, body };
}

/** Checks a response that came another way than through `send`. */
export async function checked(method: string, path: string, response: Response): Promise<Answer> {
  const answer = await readAnswer(response);
  const { pathname } = new URL(path, origin);
  const faults = [
    ...commonFaults(method, pathname, answer),
    ...documentFaults(method, pathname, answer),
  ];
  expect(faults, `${method} ${path}: ${answer.status} ${answer.text.slice(0, 400)}`).toEqual([]);
  return answer;
}

export async function send(method: string, path: string, sent: Sent = {}): Promise<Answer> {
  const { headers = {}, body = null } = sent;
  const init = { method, headers, body, redirect: "manual" } as const;
  return await checked(method, path, await exports.default.fetch(`${origin}${path}`, init));
}

export function get(path: string, headers: Readonly<Record<string, string>> = {}) {
  return send("GET", path, { headers });
}

/** A write. Its body is sent as JSON, a text as it is. */
export function post(
  path: string,
  body: unknown,
  key: string | null = newKey(),
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return send("POST", path, {
    headers: {
      "content-type": "application/json",
      ...(key !== null && { "idempotency-key": key }),
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

export function expectProblem(answer: Answer, status: number, code: ProblemCode): void {
  const { body, text } = answer;
  expect([answer.status, body["code"]], `answered: ${text}`).toEqual([status, code]);
}

/** The paths of the fields that a problem names, each once. */
export function pathsOf(answer: Answer): string[] {
  const errors = (answer.body["errors"] ?? []) as readonly { readonly path: string }[];
  return [...new Set(errors.map(({ path }) => path))];
}
