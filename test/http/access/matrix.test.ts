// Guarantee: the full matrix of routes, principals and targets. A principal without the scope is
// refused; to one of another tenant, or another user, the target does not exist.
import { describe, expect, test } from "vitest";
import { apiKeyIdFor, transactionIdFor, userIdFor } from "../../../src/domain/ids.ts";
import { scopes, userScopes, type Scope } from "../../../src/domain/principal.ts";
import { knownRoutes } from "../../../src/http/access.ts";
import {
  bootstrapFor,
  ClosedService,
  nowS,
  tokenFor,
  tokenSettings,
} from "../../support/closed.ts";
import { newKey } from "../../support/keys.ts";

const [root, otherRoot] = [bootstrapFor("main"), bootstrapFor("other")];
const service = new ClosedService({ BOOTSTRAP_KEY: root.setting, ...tokenSettings });
const elsewhere = new ClosedService({ BOOTSTRAP_KEY: otherRoot.setting });

/** What a request may be about: of the user whose token is tried, of another user of the tenant, or
 *  of a user that does not exist. */
const targets = ["own", "sibling", "missing"] as const;
type Target = (typeof targets)[number];

async function write(path: string, body: object): Promise<string> {
  const answer = await service.send("POST", path, root.text, { body });
  if (answer.status !== 201) throw new Error(answer.text);
  return String(answer.body["id"]);
}

const fund = (walletId: string) =>
  write("/transactions/fund", { walletId, amount: 1_000, paymentReference: newKey() });

const [own, sibling, payee] = [
  await write("/users", { name: "Own" }),
  await write("/users", { name: "Sibling" }),
  await write("/users", { name: "Payee" }),
];
const users = { own, sibling, missing: userIdFor("main", newKey()) };
const fundings = {
  own: await fund(users.own),
  sibling: await fund(users.sibling),
  missing: transactionIdFor("main", newKey()),
};

await fund(payee);

/** A new one, whose receiver is the target. */
async function authorizationFor(target: Target): Promise<string> {
  if (target === "missing") return transactionIdFor("main", newKey());
  const wallets = { fromWalletId: payee, toWalletId: users[target] };
  return await write("/transactions/transfer", { ...wallets, amount: 1, capture: "manual" });
}

async function payoutOf(target: Target): Promise<string> {
  return await write("/transactions/withdraw", {
    walletId: users[target],
    amount: 1,
    capture: "manual",
  });
}

interface Route {
  readonly scope: Scope;
  /** Whatever the scopes of a user's token are. */
  readonly backEndsOnly?: true;
  /** With one of these the scope is told to those who see the transaction; to others it does not
   *  exist. */
  readonly opensWith?: readonly Scope[];
  /** Of what the request is about, where it is about something. */
  readonly success: number;
  readonly about: readonly Target[];
  /** A new request: what it deletes or creates is new each time. */
  readonly request: (target: Target) => Promise<readonly [path: string, body?: object]>;
}

const keyOfMatrix = await service.createKey(root.text, ["keys:manage"]);
const newApiKey = { name: "of the matrix", scopes: ["keys:manage"] };
const read = (success: number, scope: Scope, pathOf: (target: Target) => string): Route => ({
  scope,
  success,
  about: targets,
  request: async (target) => [pathOf(target)],
});
const plain = (success: number, scope: Scope, path: string, body?: object): Route => ({
  scope,
  success,
  about: ["own"],
  request: async () => (body ? [path, body] : [path]),
});

const routes: Readonly<Record<string, Route>> = {
  "POST /users": plain(201, "users:write", "/users", { name: "New" }),
  "GET /users/:userId": read(200, "wallets:read", (target) => `/users/${users[target]}`),
  "GET /wallets/:userId/balance": read(
    200,
    "wallets:read",
    (target) => `/wallets/${users[target]}/balance`,
  ),
  "GET /transactions": read(
    200,
    "transactions:read",
    (target) => `/transactions?walletId=${users[target]}`,
  ),
  "GET /transactions/:id": read(
    200,
    "transactions:read",
    (target) => `/transactions/${fundings[target]}`,
  ),
  "POST /transactions/fund": {
    scope: "funding:write",
    success: 201,
    about: targets,
    request: async (target) => [
      "/transactions/fund",
      { walletId: users[target], amount: 1, paymentReference: newKey() },
    ],
  },
  "POST /transactions/transfer": {
    scope: "transfers:write",
    success: 201,
    about: targets,
    request: async (target) => [
      "/transactions/transfer",
      { fromWalletId: users[target], toWalletId: payee, amount: 1 },
    ],
  },
  "POST /transactions/withdraw": {
    scope: "withdrawals:write",
    success: 201,
    about: targets,
    request: async (target) => [
      "/transactions/withdraw",
      { walletId: users[target], amount: 1, payoutReference: newKey() },
    ],
  },
  "POST /transactions": {
    scope: "transfers:write",
    backEndsOnly: true,
    success: 201,
    about: targets,
    request: async (target) => [
      "/transactions",
      { postings: [{ from: users[target], to: payee, amount: 1 }] },
    ],
  },
  "POST /transactions/batch": {
    scope: "transfers:write",
    backEndsOnly: true,
    success: 200,
    // Of an item in it: what it is about has an outcome of its own.
    about: ["own"],
    request: async (target) => [
      "/transactions/batch",
      {
        items: [
          { operation: "transfer", fromWalletId: users[target], toWalletId: payee, amount: 1 },
        ],
      },
    ],
  },
  "POST /transactions/:id/capture": {
    scope: "transfers:write",
    success: 201,
    about: targets,
    request: async (target) => [`/transactions/${await authorizationFor(target)}/capture`, {}],
  },
  "POST /transactions/:id/cancel": {
    scope: "transfers:write",
    success: 201,
    about: targets,
    request: async (target) => [`/transactions/${await authorizationFor(target)}/cancel`, {}],
  },
  "POST /transactions/:id/reverse": {
    scope: "reversals:write",
    backEndsOnly: true,
    success: 201,
    about: targets,
    request: async (target) => [`/transactions/${fundings[target]}/reverse`, { amount: 1 }],
  },
  "POST /admin/keys": plain(201, "keys:manage", "/admin/keys", newApiKey),
  "GET /admin/keys": plain(200, "keys:manage", "/admin/keys"),
  "GET /admin/keys/:keyId": {
    scope: "keys:manage",
    success: 200,
    about: ["own", "missing"],
    request: async (target) => [
      `/admin/keys/${target === "missing" ? apiKeyIdFor("main", newKey()) : keyOfMatrix.id}`,
    ],
  },
  "DELETE /admin/keys/:keyId": {
    scope: "keys:manage",
    success: 200,
    about: ["own", "missing"],
    request: async (target) => {
      if (target === "missing") return [`/admin/keys/${apiKeyIdFor("main", newKey())}`];
      return [`/admin/keys/${(await service.createKey(root.text, ["keys:manage"])).id}`];
    },
  },
  "GET /ops/unsettled": plain(200, "ops:read", "/ops/unsettled"),
  "GET /ops/audits/external-accounts/:shard": plain(
    200,
    "ops:read",
    "/ops/audits/external-accounts/7f",
  ),
  "GET /ops/audits/keys": plain(200, "ops:read", "/ops/audits/keys"),
  "GET /ops/books": plain(200, "ops:read", "/ops/books"),
  "GET /ops/scrub": plain(200, "ops:read", "/ops/scrub"),
  "POST /ops/scrub": plain(201, "ops:write", "/ops/scrub", {}),
  "GET /wallets/:userId/audit": read(
    200,
    "ops:read",
    (target) => `/wallets/${users[target]}/audit`,
  ),
  "GET /wallets/:userId/freezes": read(
    200,
    "ops:read",
    (target) => `/wallets/${users[target]}/freezes`,
  ),
  "GET /wallets/:userId/authorizations": read(
    200,
    "transactions:read",
    (target) => `/wallets/${users[target]}/authorizations`,
  ),
  // A thaw: the other requests of the matrix go on.
  "POST /wallets/:userId/freezes": {
    scope: "ops:write",
    success: 201,
    about: targets,
    request: async (target) => [
      `/wallets/${users[target]}/freezes`,
      { frozen: false, reason: "matrix" },
    ],
  },
  "GET /health/ready": plain(200, "ops:read", "/health/ready"),
};

/** Requests of a route that need something else than its first. */
const variants: Readonly<Record<string, Route>> = {
  "POST /transactions/withdraw, reserved": {
    scope: "transfers:write",
    success: 201,
    about: targets,
    request: async (target) => [
      "/transactions/withdraw",
      { walletId: users[target], amount: 1, capture: "manual" },
    ],
  },
  "POST /transactions/withdraw, reserved for a payout": {
    scope: "withdrawals:write",
    success: 201,
    about: targets,
    request: async (target) => [
      "/transactions/withdraw",
      { walletId: users[target], amount: 1, capture: "manual", payoutReference: newKey() },
    ],
  },
  "POST /transactions/:id/capture, of a payout": {
    scope: "withdrawals:write",
    opensWith: ["transfers:write", "withdrawals:write"],
    success: 201,
    about: ["own", "sibling"],
    request: async (target) => [
      `/transactions/${await payoutOf(target)}/capture`,
      { payoutReference: newKey() },
    ],
  },
};

interface Caller {
  readonly name: string;
  readonly credential: string | undefined;
  readonly expected: (route: Route, target: Target) => number;
}

const always = (status: number) => () => status;

/** A back end of the tenant: everything that exists, if it has the scope. */
const keyWith = async (name: string, granted: readonly Scope[]): Promise<Caller> => ({
  name,
  credential: (await service.createKey(root.text, granted)).text,
  expected: ({ scope, success }, target) => {
    if (!granted.includes(scope)) return 403;
    return target === "missing" ? 404 : success;
  },
});

const mayUse = (scope: Scope, backEndsOnly = false) => userScopes.includes(scope) && !backEndsOnly;

/** What a user is told whose token claims these scopes. */
function toldUser(claimed: readonly Scope[], route: Route, isMine: boolean): number {
  const { scope, backEndsOnly, opensWith = [scope], success } = route;
  const usable = (one: Scope) => claimed.includes(one) && mayUse(one, backEndsOnly);
  if (!opensWith.some(usable)) return 403;
  if (!isMine) return 404;
  return usable(scope) ? success : 403;
}

/** A user: only what is the user's own, and only what users may do at all. */
const user = async (name: string, claimed: readonly Scope[], mine: Target): Promise<Caller> => ({
  name,
  credential: await tokenFor(users[mine], { scopes: claimed }),
  expected: (route, target) => toldUser(claimed, route, target === mine),
});

const revoked = await service.createKey(root.text, scopes);
await service.send("DELETE", `/admin/keys/${revoked.id}`, root.text);
const expired = await service.createExpiredKey(root.text, scopes);

const callers: readonly Caller[] = [
  { name: "no credential", credential: undefined, expected: always(401) },
  { name: "a revoked key", credential: revoked.text, expected: always(401) },
  { name: "an expired key", credential: expired.text, expected: always(401) },
  {
    name: "an expired token",
    credential: await tokenFor(users.own, { exp: nowS() - 100 }),
    expected: always(401),
  },
  ...(await Promise.all(scopes.map((scope) => keyWith(`a key with ${scope} only`, [scope])))),
  ...(await Promise.all(
    scopes.map((scope) =>
      keyWith(
        `a key with all but ${scope}`,
        scopes.filter((other) => other !== scope),
      ),
    ),
  )),
  {
    name: "another tenant's key with every scope",
    credential: (await elsewhere.createKey(otherRoot.text, scopes)).text,
    expected: ({ success, about }) => (about.length > 1 ? 404 : success),
  },
  await user("the user", scopes, "own"),
  await user("the user's sibling", scopes, "sibling"),
  {
    name: "a user without a wallet",
    credential: await tokenFor(users.missing),
    expected: (route) => toldUser(scopes, route, false),
  },
  ...(await Promise.all(
    scopes.map((scope) => user(`the user with ${scope} only`, [scope], "own")),
  )),
  await user("the user without scopes", [], "own"),
];

test("no route that asks for a scope is left out", () => {
  const guarded = knownRoutes.filter(
    (route) => !/ \/(?:docs.*|openapi\.json|health)?$/.test(route),
  );
  expect(Object.keys(routes).toSorted()).toEqual(guarded.toSorted());
});

describe.each(callers)("$name", ({ credential, expected }) => {
  test("gets what it may, and nothing else", { timeout: 60_000 }, async () => {
    const got: string[] = [];
    const wanted: string[] = [];
    for (const [name, route] of Object.entries({ ...routes, ...variants })) {
      for (const target of route.about) {
        const [path, body] = await route.request(target);
        const [method = ""] = name.split(" ");
        const sent = body === undefined ? {} : { body };
        const { status } = await service.send(method, path, credential, sent);
        got.push(`${name} of ${target}: ${status}`);
        wanted.push(`${name} of ${target}: ${expected(route, target)}`);
      }
    }
    expect(got).toEqual(wanted);
  });
});
