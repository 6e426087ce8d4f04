// Guarantee: a method that an address does not know is refused with those that it does, before
// anything else of the request is looked at, and does nothing.
import { describe, expect, test } from "vitest";
import document from "../../../docs/openapi.json" with { type: "json" };
import { expectProblem, send } from "../../support/http.ts";
import { openUser } from "../../support/http-users.ts";

const { userId, walletId } = await openUser();
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE"];

const allowedByPath: readonly (readonly [path: string, allowed: string])[] = [
  ["/", "GET, HEAD"],
  ["/users", "POST"],
  [`/users/${userId}`, "GET, HEAD"],
  ["/users/usr_1", "GET, HEAD"],
  [`/wallets/${walletId}/balance`, "GET, HEAD"],
  [`/wallets/${walletId}/authorizations`, "GET, HEAD"],
  [`/wallets/${walletId}/audit`, "GET, HEAD"],
  [`/wallets/${walletId}/freezes`, "GET, HEAD, POST"],
  ["/transactions", "POST, GET, HEAD"],
  ["/transactions/fund", "POST"],
  ["/transactions/transfer", "POST"],
  ["/transactions/withdraw", "POST"],
  ["/transactions/batch", "POST"],
  ["/transactions/txn_00000000000000000000000000", "GET, HEAD"],
  ["/transactions/txn_00000000000000000000000000/capture", "POST"],
  ["/transactions/txn_00000000000000000000000000/cancel", "POST"],
  ["/transactions/txn_00000000000000000000000000/reverse", "POST"],
  ["/health", "GET, HEAD"],
  ["/health/ready", "GET, HEAD"],
  ["/ops/unsettled", "GET, HEAD"],
  ["/admin/keys", "POST, GET, HEAD"],
  ["/admin/keys/key_1", "GET, HEAD, DELETE"],
  ["/ops/books", "GET, HEAD"],
  ["/ops/scrub", "GET, HEAD, POST"],
  ["/ops/audits/external-accounts/0", "GET, HEAD"],
  ["/ops/audits/keys", "GET, HEAD"],
  ["/openapi.json", "GET, HEAD"],
  ["/docs", "GET, HEAD"],
  ["/docs/errors", "GET, HEAD"],
  ["/docs/assets/start.js", "GET, HEAD"],
];

test("no address of the document is missing here", () => {
  const missing = Object.keys(document.paths).filter((path) => {
    const pattern = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
    return !allowedByPath.some(([known]) => pattern.test(known));
  });
  expect(missing).toEqual([]);
});

describe.each(allowedByPath)("%s allows %s", (path, allowed) => {
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
