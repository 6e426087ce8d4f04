// What every part of the edge knows of the request at hand.
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Principal } from "../domain/principal.ts";
import { protocolVersion, type Call } from "../durable-objects/contract.ts";

export interface AppEnv {
  Bindings: Env & {
    /** Exact origins of sites that may call from a browser, comma-separated; unset: none. */
    readonly CORS_ORIGINS?: string;
  };
  Variables: {
    requestId: string;
    principal: Principal;
    /** Whose books these are: the principal's. */
    tenant: string;
    /** Set on writes only, in its bare form. */
    idempotencyKey: string;
    /** For the access log: what the request was about. */
    transactionId?: string;
    walletId?: string;
    replayed?: boolean;
  };
}

export type App = OpenAPIHono<AppEnv>;
export type AppContext = Context<AppEnv>;

/** The envelope of a call to an object, made on behalf of this request. */
export function callOf(c: Pick<AppContext, "get">): Call {
  return { protocol: protocolVersion, requestId: c.get("requestId"), tenant: c.get("tenant") };
}

/** An optional field of JSON or of a query is there or is not: it is never `undefined`. */
export type Exact<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };
