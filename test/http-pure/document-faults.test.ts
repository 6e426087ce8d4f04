// Guarantee: the check that every answer of the HTTP tests passes sees what is not documented.
import { expect, test } from "vitest";
import document from "../../docs/openapi.json" with { type: "json" };
import { documentFaults } from "../support/openapi.ts";

const content = document.paths["/wallets/{userId}/balance"].get.responses[200].content;
const balance = content["application/json"].example;
const path = "/wallets/wal_1/balance";
const good = { "content-type": "application/json", "x-request-id": "a" };

function faultsOf(body: object, status = 200, headers: Record<string, string> = good): string[] {
  return documentFaults("GET", path, { status, headers: new Headers(headers), body });
}

test("the documented example has none", () => {
  expect(faultsOf(balance)).toEqual([]);
});

function faultsOfList(body: object): string[] {
  return documentFaults("GET", "/transactions", { status: 200, headers: new Headers(good), body });
}

test("a page may be one of two things", () => {
  const { examples } =
    document.paths["/transactions"].get.responses[200].content["application/json"];
  for (const { value } of Object.values(examples)) expect(faultsOfList(value)).toEqual([]);
});

const { held: _, ...withoutHeld } = balance;

test.each<[string, string[]]>([
  ["a field that is not documented", faultsOf({ ...balance, extra: 1 })],
  ["a field that is missing", faultsOf(withoutHeld)],
  ["null instead of nothing", faultsOf({ ...balance, inFlight: null })],
  ["a text for a number", faultsOf({ ...balance, balance: "5" })],
  ["a fraction", faultsOf({ ...balance, balance: 1.5 })],
  ["a number below its minimum", faultsOf({ ...balance, inFlight: 0 })],
  ["a fault further in", faultsOf({ ...balance, balances: [withoutHeld] })],
  ["a status that is not documented", faultsOf(balance, 202)],
  ["another content type", faultsOf(balance, 200, { "content-type": "text/html" })],
  ["a header that is not documented", faultsOf(balance, 200, { ...good, location: "/" })],
  ["neither a history nor what was found", faultsOfList({ data: [{}], nextCursor: null })],
  ["a problem of another shape", faultsOf({ code: "internal" }, 500, good)],
])("sees %s", (_what, faults) => {
  expect(faults).not.toEqual([]);
});
