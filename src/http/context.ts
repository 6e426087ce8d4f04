// The request context that all parts of the edge share: bindings, variables and injected ports.
// Knows no route and no operation.
import { Buffer } from "node:buffer";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Principal } from "../domain/principal.ts";
import type { Clock } from "../platform/clock.ts";
import type { Secrets } from "./credentials/secrets.ts";
import type { Denial } from "./credentials/verdict.ts";
import { protocolVersions, type Call, type WriteCall } from "../durable-objects/rpc/contract.ts";

export interface Route {
  readonly method: string;
  /** As in `/users/:userId`. */
  readonly pattern: string;
}

export interface AppEnv {
  Bindings: Env & {
    /** Exact origins of sites that may call from a browser, comma-separated; unset: none. */
    readonly CORS_ORIGINS?: string;
  };
  Variables: {
    requestId: string;
    /** The route that the request met, kept by `matchedRoute`. */
    route?: Route;
    /** Set behind authentication: not on public routes. */
    principal: Principal;
    /** Whose books these are: the principal's. */
    tenant: string;
    /** Set on writes only, in its bare form. */
    idempotencyKey: string;
    /** For the access log: why the caller was not believed, and what the request was about. */
    denied?: Denial | "misconfigured" | "missing_scope";
    transactionId?: string;
    batchId?: string;
    walletId?: string;
    replayed?: boolean;
  };
}

/** What the edge needs of the platform: tests put their own clock and counters here. */
export interface EdgeParts {
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** Fetches the public keys of the issuer of users' tokens. */
  readonly fetch: typeof fetch;
}

export type App = OpenAPIHono<AppEnv>;
export type AppContext = Context<AppEnv>;

/** The envelope of a call to an object, made on behalf of this request. */
export function callOf(c: Pick<AppContext, "get">): Call {
  return {
    protocol: protocolVersions.before,
    requestId: c.get("requestId"),
    tenant: c.get("tenant"),
  };
}

/** The same for a call that records something once. Made once for each request: what is repeated is
 *  this call, with its nonce. */
export function writeCallOf(c: Pick<AppContext, "get">): WriteCall {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(9))).toString("base64url");
  return { ...callOf(c), nonce };
}

/** An optional field of JSON or of a query is there or is not, at any depth: it is never
 *  `undefined`. */
export type Exact<T> = unknown extends T
  ? T
  : { [Key in keyof T]: Exact<Exclude<T[Key], undefined>> };
