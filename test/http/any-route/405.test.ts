// Protects: a method that an address does not know is refused with those that it does, before
// anything else of the request is looked at, and does nothing.
import { describe, expect, test } from "vitest";
import { expectProblem, openUser, send } from "../../support/http.ts";

const { userId, walletId } = await openUser();
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"];

describe.each<[string, string]>([
  ["/", "GET, HEAD"],
  ["/users", "POST"],
  [`/users/${userId}`, "GET, HEAD"],
  ["/users/usr_1", "GET, HEAD"],
  [`/wallets/${walletId}/balance`, "GET, HEAD"],
  [`/wallets/${walletId}/audit`, "GET, HEAD"],
  [`/wallets/${walletId}/freezes`, "GET, HEAD, POST"],
  ["/transactions", "GET, HEAD"],
  ["/transactions/fund", "POST"],
  ["/transactions/transfer", "POST"],
  ["/transactions/txn_00000000000000000000000000", "GET, HEAD"],
  ["/health", "GET, HEAD"],
  ["/health/ready", "GET, HEAD"],
  ["/ops/unsettled", "GET, HEAD"],
  ["/admin/keys", "POST, GET, HEAD"],
  ["/admin/keys/key_1", "DELETE"],
  ["/openapi.json", "GET, HEAD"],
  ["/docs", "GET, HEAD"],
  ["/docs/errors", "GET, HEAD"],
  ["/docs/assets/start.js", "GET, HEAD"],
])("%s allows %s", (path, allowed) => {
  test.each(methods.filter((method) => !allowed.split(", ").includes(method)))(
    "and not %s",
    async (method) => {
      const withBody = !["GET", "HEAD"].includes(method);
      const answer = await send(method, path, withBody ? { body: "{" } : {});
      expect(answer.status).toBe(405);
      expect(answer.headers.get("allow")).toBe(allowed);
      if (method !== "HEAD") expectProblem(answer, 405, "method_not_allowed");
    },
  );
});
