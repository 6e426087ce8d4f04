// Guarantee: only back ends look transactions up by a reference, and only operators see who asked
// for them. A user's token reads the history of the user's own wallet.
import { expect, test } from "vitest";
import { bootstrapFor, ClosedService, tokenFor, tokenSettings } from "../../support/closed.ts";
import { expectProblem } from "../../support/http.ts";
import { fund, newFunding } from "../../support/http-ledger.ts";
import { openUser } from "../../support/http-users.ts";

const root = bootstrapFor("main");
const service = new ClosedService({ BOOTSTRAP_KEY: root.setting, ...tokenSettings });
const { userId, walletId } = await openUser();
const sent = newFunding(walletId, 5);
const { body: made } = await fund(sent);
const path = `/transactions?paymentReference=${sent.paymentReference}`;

test("a user is not told of references, not even of the user's own", async () => {
  const token = await tokenFor(userId);
  for (const asked of [path, `${path}x`, path.replace("payment", "payout")]) {
    const answer = await service.send("GET", asked, token);
    expectProblem(answer, 403, "forbidden");
    expect(answer.headers.has("www-authenticate")).toBe(false);
  }
  const history = await service.send("GET", `/transactions?walletId=${walletId}`, token);
  expect(history.body["data"]).toMatchObject([{ paymentReference: sent.paymentReference }]);
});

test.each([
  [["transactions:read"], false],
  [["transactions:read", "ops:read"], true],
] as const)("a key with %s finds it; createdBy is shown: %s", async (scopes, isShown) => {
  const { text } = await service.createKey(root.text, scopes);
  const { status, body } = await service.send("GET", path, text);
  expect([status, body["data"]]).toMatchObject([200, [{ id: made["id"] }]]);
  const [found] = body["data"] as [object];
  expect("createdBy" in found).toBe(isShown);
});

test("a key without the scope reads neither", async () => {
  const { text } = await service.createKey(root.text, ["funding:write", "ops:read"]);
  expectProblem(await service.send("GET", path, text), 403, "forbidden");
});
