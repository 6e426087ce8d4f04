// Guarantee: the scopes that a split needs follow its postings; and a split is for back ends only.
import { describe, expect, test } from "vitest";
import { transactionIdFor } from "../../../src/domain/ids.ts";
import { scopes, type Scope } from "../../../src/domain/principal.ts";
import { bootstrapFor, ClosedService, tokenFor, tokenSettings } from "../../support/closed.ts";
import { expectProblem } from "../../support/http.ts";
import { posting } from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { tablesOf } from "../../support/objects.ts";
import { logObject } from "../../support/stubs.ts";

const root = bootstrapFor("main");
const service = new ClosedService({ BOOTSTRAP_KEY: root.setting, ...tokenSettings });
const [from, to] = await Promise.all([openFunded(100), openUser()]);
const between = posting(from.walletId, to.walletId, 1);
const outside = posting("external", to.walletId, 1);
const leaving = posting(from.walletId, "external", 1);

const keyWith = async (granted: readonly Scope[]) =>
  (await service.createKey(root.text, granted)).text;
const credentials = {
  transfers: await keyWith(["transfers:write"]),
  funding: await keyWith(["funding:write"]),
  both: await keyWith(["transfers:write", "funding:write"]),
  withdrawals: await keyWith(["withdrawals:write"]),
};

const kinds = {
  "between wallets": () => ({ postings: [between] }),
  "from outside": () => ({ postings: [outside], paymentReference: newKey() }),
  "to outside": () => ({ postings: [leaving], payoutReference: newKey() }),
  "to a wallet and to outside": () => ({
    postings: [between, leaving],
    payoutReference: newKey(),
  }),
  "of both kinds": () => ({ postings: [between, outside], paymentReference: newKey() }),
};

const send = (credential: string, body: object, key = newKey()) =>
  service.send("POST", "/transactions", credential, { body, key });

describe("a split", () => {
  test.each<[keyof typeof kinds, keyof typeof credentials, readonly Scope[]]>([
    ["between wallets", "transfers", []],
    ["between wallets", "funding", ["transfers:write"]],
    ["between wallets", "both", []],
    ["to outside", "withdrawals", []],
    ["to outside", "both", ["withdrawals:write"]],
    ["to a wallet and to outside", "both", ["withdrawals:write"]],
    ["to a wallet and to outside", "withdrawals", ["transfers:write"]],
    ["from outside", "withdrawals", ["funding:write"]],
    ["from outside", "transfers", ["funding:write"]],
    ["from outside", "funding", []],
    ["from outside", "both", []],
    ["of both kinds", "transfers", ["funding:write"]],
    ["of both kinds", "funding", ["transfers:write"]],
    ["of both kinds", "both", []],
  ])("%s with the scope of %s", async (kind, credential, missing) => {
    const answer = await send(credentials[credential], kinds[kind]());
    if (missing.length === 0) return expect(answer.status).toBe(201);
    expectProblem(answer, 403, "forbidden");
    expect(answer.headers.get("www-authenticate")).toContain(`scope="${missing.join(" ")}"`);
    expect(answer.body["detail"]).toMatch(new RegExp(`: ${missing.join(", ")}\\.$`));
  });

  test("that is refused for its scope leaves nothing, and its key free", async () => {
    const key = newKey();
    const body = kinds["of both kinds"]();
    expectProblem(await send(credentials.funding, body, key), 403, "forbidden");
    expect(await tablesOf(logObject(transactionIdFor("main", key)))).toEqual([]);
    expect((await send(credentials.both, body, key)).status).toBe(201);
    // What the key was used for is not told to those who may not ask for it.
    expectProblem(await send(credentials.funding, body, key), 403, "forbidden");
  });

  test("is read before its scope is known, unless no scope of a split is there", async () => {
    const invalid = { postings: [between, { ...outside, amount: 0 }] };
    expectProblem(await send(credentials.transfers, invalid), 400, "validation_failed");
    const other = await keyWith(
      scopes.filter((scope) => !/^(transfers|funding|withdrawals)/.test(scope)),
    );
    const answer = await send(other, invalid);
    expectProblem(answer, 403, "forbidden");
    expect(answer.headers.get("www-authenticate")).toContain(
      '"transfers:write funding:write withdrawals:write"',
    );
  });
});

test("a user's token may not split, not even from the user's own wallet", async () => {
  const token = await tokenFor(from.userId, { scopes });
  const answer = await send(token, { postings: [between] });
  expectProblem(answer, 403, "forbidden");
  expect(answer.headers.has("www-authenticate")).toBe(false);
});
