// The access table: the scopes that open each route. A route that is not in the table refuses
// every caller. The middleware, the OpenAPI document and a test that walks the router read it.
import { userIdOfWallet, walletIdOfUser } from "../domain/ids.ts";
import { inScopeOrder, userScopes, type Principal, type Scope } from "../domain/principal.ts";
import type { TransactionRecord } from "../domain/protocol/transaction.ts";
import type { Route } from "./context.ts";
import { allOperations, httpOperationOf } from "./operations/all.ts";

/** Who may call a route: one of the scopes opens it. `public`: answered without credentials, in
 *  every mode. */
export type Access = { readonly scopes: readonly Scope[]; readonly forUsers: boolean } | "public";

const plain: Readonly<Record<string, Scope | "public">> = {
  "POST /users": "users:write",
  "GET /users/:userId": "wallets:read",
  "GET /wallets/:userId/balance": "wallets:read",
  "GET /wallets/:userId/authorizations": "transactions:read",
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

function accessWith(scope: Scope | "public"): Access {
  return scope === "public" ? scope : { scopes: [scope], forUsers: userScopes.includes(scope) };
}

/** As the router spells the path of the OpenAPI document. */
export function routePattern({ path }: { readonly path: string }): string {
  return path.replace("{id}", ":id");
}

/** A batch: one of the scopes of what may be in it. */
const batch: Access = {
  scopes: inScopeOrder(allOperations.flatMap((operation) => operation.scopes)),
  forUsers: false,
};

const table: ReadonlyMap<string, Access> = new Map<string, Access>([
  ...Object.entries(plain).map(([route, scope]) => [route, accessWith(scope)] as const),
  ...allOperations.map((operation) => [`POST ${routePattern(operation)}`, operation] as const),
  ["POST /transactions/batch", batch],
]);

/** The access that a route requires; undefined for a route that is not in the table. */
export function accessTo(route: Route) {
  return table.get(`${route.method} ${route.pattern}`);
}

/** True for a matched route that is not public. A request that matches no route is not found. */
export function isGuarded(route: Route | undefined): route is Route {
  return route !== undefined && accessTo(route) !== "public";
}

/** Every row, as `GET /users/:userId`. */
export const knownRoutes: readonly string[] = [...table.keys()];

/** The scopes of which one opens the route to the principal: none where users may not call, and
 *  where nothing is said of the route. */
export function scopesThatOpen(
  { userId }: Principal,
  access: Access | undefined,
): readonly Scope[] {
  if (access === undefined || access === "public") return [];
  return userId === undefined || access.forUsers ? access.scopes : [];
}

export function permits(principal: Principal, access: Access | undefined): boolean {
  const scopes = scopesThatOpen(principal, access);
  return access === "public" || scopes.some((scope) => principal.scopes.includes(scope));
}

/** True if the principal may see the wallet and send from it. A user has one wallet; all others
 *  are answered like wallets that do not exist. */
export function mayUseWallet({ userId }: Principal, walletId: string): boolean {
  return userId === undefined || userIdOfWallet(walletId) === userId;
}

/** Of a user, the wallet in which a transaction is seen. */
export function readerOf({ userId }: Pick<Principal, "userId">): { readonly walletId?: string } {
  return userId === undefined ? {} : { walletId: walletIdOfUser(userId) };
}

/** True if the principal may see the transaction: a user needs a line in the user's wallet, or a
 *  wallet that it concerns without one. */
export function maySee(
  principal: Principal,
  { lines, request }: Pick<TransactionRecord, "lines" | "request">,
): boolean {
  const concerned = httpOperationOf(request).concerns?.(request);
  const accounts = [...lines.map(({ account }) => account), ...(concerned ? [concerned] : [])];
  return accounts.some((account) => mayUseWallet(principal, account));
}
