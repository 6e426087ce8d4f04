// Guarantee: every item of a batch needs the scopes that it needs by itself; one that lacks a scope
// refuses the whole; and batches are for back ends only.
import { describe, expect, test } from "vitest";
import { transactionIdFor } from "../../../src/domain/ids.ts";
import { scopes, type Scope } from "../../../src/domain/principal.ts";
import { statusesOf } from "../../support/batches.ts";
import { bootstrapFor, ClosedService, tokenFor, tokenSettings } from "../../support/closed.ts";
import { expectProblem } from "../../support/http.ts";
import {
  fund,
  item,
  newFunding,
  newTransfer,
  newWithdrawal,
  posting,
} from "../../support/http-ledger.ts";
import { openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { tablesOf } from "../../support/objects.ts";
import { logObject } from "../../support/stubs.ts";

const root = bootstrapFor("main");
const service = new ClosedService({ BOOTSTRAP_KEY: root.setting, ...tokenSettings });
const [from, to] = await Promise.all([openFunded(1_000), openUser()]);
const funded = String((await fund(newFunding(to.walletId, 100))).body["id"]);

const send = (credential: string, items: readonly object[], key = newKey()) =>
  service.send("POST", "/transactions/batch", credential, { body: { items }, key });
const keyWith = async (granted: readonly Scope[]) =>
  (await service.createKey(root.text, granted)).text;

const between = () => item("transfer", newTransfer(from.walletId, to.walletId, 1));
const incoming = () => item("funding", newFunding(to.walletId, 1));
const outgoing = () => item("withdrawal", newWithdrawal(from.walletId, 1));
const back = () => item("reversal", { transactionId: funded, amount: 1 });
const shared = () =>
  item("split", {
    postings: [posting(from.walletId, to.walletId, 1), posting("external", to.walletId, 1)],
    paymentReference: newKey(),
  });

/** Of an item that acts on a transaction the scopes are known once that is read: after the others. */
describe("a batch", () => {
  test.each<[readonly Scope[], readonly (readonly [string, readonly Scope[]])[]]>([
    [
      ["transfers:write"],
      [
        ["1", ["funding:write"]],
        ["2", ["withdrawals:write"]],
        ["4", ["funding:write"]],
      ],
    ],
    [
      ["funding:write"],
      [
        ["0", ["transfers:write"]],
        ["2", ["withdrawals:write"]],
        ["4", ["transfers:write"]],
      ],
    ],
    [["transfers:write", "funding:write", "withdrawals:write"], [["3", ["reversals:write"]]]],
    [["transfers:write", "funding:write", "withdrawals:write", "reversals:write"], []],
  ])("with %j", async (granted, lacking) => {
    const key = newKey();
    const items = [between(), incoming(), outgoing(), back(), shared()];
    const answer = await send(await keyWith(granted), items, key);
    if (lacking.length === 0) {
      expect([answer.status, statusesOf(answer)]).toEqual([200, items.map(() => 201)]);
      return;
    }
    expectProblem(answer, 403, "forbidden");
    const missing = [...new Set(lacking.flatMap(([, own]) => own))];
    expect(answer.headers.get("www-authenticate")).toContain(`scope="${missing.join(" ")}"`);
    expect(answer.body["errors"]).toEqual(
      lacking.map(([index, own]) => ({
        path: `items.${index}`,
        message: `Needs ${own.join(", ")}.`,
      })),
    );
    expect(await tablesOf(logObject(transactionIdFor("main", key)))).toEqual([]);
  });

  test("is read before its scopes are known, unless no scope of any item is there", async () => {
    const invalid = [{ ...between(), amount: 0 }];
    expectProblem(await send(await keyWith(["funding:write"]), invalid), 400, "validation_failed");
    const other = await keyWith(
      scopes.filter((scope) => !/^(transfers|funding|withdrawals|reversals):/.test(scope)),
    );
    const answer = await send(other, invalid);
    expectProblem(answer, 403, "forbidden");
    expect(answer.headers.get("www-authenticate")).toContain(
      '"transfers:write funding:write withdrawals:write reversals:write"',
    );
  });
});

test("a user's token may not submit batches, not even of the user's own transfers", async () => {
  const answer = await send(await tokenFor(from.userId, { scopes }), [between()]);
  expectProblem(answer, 403, "forbidden");
  expect(answer.headers.has("www-authenticate")).toBe(false);
});
