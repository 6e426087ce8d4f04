// Assembles the edge: the middleware in its order, the routes, and the answers to unmatched
// requests and to errors.
import { OpenAPIHono } from "@hono/zod-openapi";
import { methodNotAllowed } from "hono/method-not-allowed";
import { CallFailed } from "../durable-objects/rpc/stubs.ts";
import { systemClock } from "../platform/clock.ts";
import { describeError, writeLog } from "../platform/log.ts";
import type { App, AppContext, AppEnv, EdgeParts } from "./context.ts";
import { platformSecrets } from "./credentials/secrets.ts";
import { accessLog, routeOf } from "./middleware/access-log.ts";
import { authenticate } from "./middleware/authenticate.ts";
import { crossOrigin } from "./middleware/cross-origin.ts";
import { sayModeOnce } from "./middleware/first-request.ts";
import { limitLoad } from "./middleware/limit-load.ts";
import { requestId } from "./middleware/request-id.ts";
import { runToEnd } from "./middleware/run-to-end.ts";
import { noStore, securityHeaders } from "./middleware/security-headers.ts";
import { refuseUnreadQuery } from "./middleware/strict-query.ts";
import { registerComponents } from "./openapi.ts";
import { answerProblem } from "./problem.ts";
import { PlainPathsFirst } from "./router.ts";
import { auditExternalAccount } from "./routes/audit-external-account.ts";
import { auditKeys } from "./routes/audit-keys.ts";
import { auditWallet } from "./routes/audit-wallet.ts";
import { createKey } from "./routes/create-key.ts";
import { docs } from "./routes/docs.ts";
import { freezeWallet } from "./routes/freeze-wallet.ts";
import { getBalance } from "./routes/get-balance.ts";
import { getKey } from "./routes/get-key.ts";
import { getTransaction } from "./routes/get-transaction.ts";
import { getUser } from "./routes/get-user.ts";
import { health } from "./routes/health.ts";
import { listAuthorizations } from "./routes/list-authorizations.ts";
import { listFreezes } from "./routes/list-freezes.ts";
import { listKeys } from "./routes/list-keys.ts";
import { listTransactions } from "./routes/list-transactions.ts";
import { moveMoney } from "./routes/move-money.ts";
import { openUser } from "./routes/open-user.ts";
import { readBooks } from "./routes/read-books.ts";
import { readScrub } from "./routes/read-scrub.ts";
import { readiness } from "./routes/ready.ts";
import { revokeKey } from "./routes/revoke-key.ts";
import { startScrub } from "./routes/start-scrub.ts";
import { submitOperations } from "./routes/submit-batch.ts";
import { unsettled } from "./routes/unsettled.ts";

/** In the order in which the documentation shows them. */
const routes: readonly ((app: App, parts: EdgeParts) => void)[] = [
  openUser,
  getUser,
  getBalance,
  listAuthorizations,
  moveMoney,
  submitOperations,
  getTransaction,
  listTransactions,
  health,
  readiness,
  unsettled,
  readBooks,
  readScrub,
  startScrub,
  auditWallet,
  auditExternalAccount,
  auditKeys,
  listFreezes,
  freezeWallet,
  createKey,
  listKeys,
  getKey,
  revokeKey,
  docs,
];

/** A failed call leaves the outcome unknown; any other error is a bug. Neither answer reveals
 *  internals. */
function answerFailure(error: Error, c: AppContext): Response {
  const line = {
    requestId: c.get("requestId"),
    target: routeOf(c),
    detail: describeError(error),
  };
  if (error instanceof CallFailed && error.failure !== "broken") {
    writeLog("warn", { event: "call_failed", ...line });
    return answerProblem(c, "overloaded");
  }
  writeLog("error", { event: "unhandled", ...line });
  return answerProblem(c, "internal");
}

function answerMethod(c: AppContext, methods: readonly string[]): Response {
  c.header("Allow", methods.join(", "));
  return answerProblem(c, "method_not_allowed");
}

const platformParts: EdgeParts = {
  clock: systemClock,
  secrets: platformSecrets,
  fetch: (input, init) => fetch(input, init),
};

export function createApp(parts: EdgeParts = platformParts): App {
  const app = new OpenAPIHono<AppEnv>({ router: new PlainPathsFirst() });
  app.use(sayModeOnce(), runToEnd, requestId, accessLog, securityHeaders, noStore, crossOrigin);
  app.use(methodNotAllowed({ app, onMethodNotAllowed: answerMethod }));
  app.use(authenticate(parts));
  app.use(limitLoad(parts.clock), refuseUnreadQuery);
  registerComponents(app);
  for (const route of routes) route(app, parts);
  app.notFound((c) => answerProblem(c, "not_found"));
  app.onError(answerFailure);
  return app;
}
