// Who may call what: the one table of it. A route that is not in the table answers nobody; the
// middleware, the OpenAPI document and a test that walks the router all read it.
import { userIdOfWallet } from "../domain/ids.ts";
import { userScopes, type Principal, type Scope } from "../domain/principal.ts";
import type { TransactionRecord } from "../domain/protocol/transaction.ts";
import type { Route } from "./context.ts";

/** `public`: answered without credentials, in every mode. */
export type Access = Scope | "public";

const table: Readonly<Record<string, Access>> = {
  "POST /users": "users:write",
  "GET /users/:userId": "wallets:read",
  "GET /wallets/:userId/balance": "wallets:read",
  "POST /transactions/fund": "funding:write",
  "POST /transactions/transfer": "transfers:write",
  "GET /transactions/:id": "transactions:read",
  "GET /transactions": "transactions:read",
  "POST /admin/keys": "keys:manage",
  "GET /admin/keys": "keys:manage",
  "GET /admin/keys/:keyId": "keys:manage",
  "DELETE /admin/keys/:keyId": "keys:manage",
  "GET /ops/unsettled": "ops:read",
  "GET /ops/books": "ops:read",
  "GET /ops/scrub": "ops:read",
  "POST /ops/scrub": "ops:write",
  "GET /wallets/:userId/audit": "ops:read",
  "GET /ops/audits/external-accounts/:shard": "ops:read",
  "GET /ops/audits/keys": "ops:read",
  "GET /wallets/:userId/freezes": "ops:read",
  "POST /wallets/:userId/freezes": "ops:write",
  "GET /health/ready": "ops:read",
  "GET /health": "public",
  "GET /openapi.json": "public",
  "GET /": "public",
  "GET /docs": "public",
  "GET /docs/errors": "public",
  "GET /docs/assets/:file": "public",
};

/** What a route asks of its caller; undefined for a route that nobody thought of. */
export function accessTo(route: Route) {
  return table[`${route.method} ${route.pattern}`];
}

/** Whether a request meets a route that is not for everybody. What meets none is not found. */
export function isGuarded(route: Route | undefined): route is Route {
  return route !== undefined && accessTo(route) !== "public";
}

/** Every row, as `GET /users/:userId`. */
export const knownRoutes: readonly string[] = Object.keys(table);

export function permits(principal: Principal, access: Access | undefined): boolean {
  if (access === undefined) return false;
  return access === "public" || principal.scopes.includes(access);
}

/** Whether a user's own token can ever be good for it. */
export function isForUsers(access: Access): boolean {
  return (userScopes as readonly Access[]).includes(access);
}

/** Whether the principal may see the wallet and send from it. A user has one wallet; the others are
 *  to be answered like wallets that do not exist. */
export function mayUseWallet({ userId }: Principal, walletId: string): boolean {
  return userId === undefined || userIdOfWallet(walletId) === userId;
}

/** Whether the principal may see the transaction: a user, if it has a leg in the user's wallet. */
export function maySee(principal: Principal, { legs }: Pick<TransactionRecord, "legs">): boolean {
  return legs.some(({ account }) => mayUseWallet(principal, account));
}
