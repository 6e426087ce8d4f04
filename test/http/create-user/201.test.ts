// Guarantee: opening a user gives a user and an empty wallet, whose two ids share their ending, and
// takes every profile that the contract allows, to the character.
import { describe, expect, test } from "vitest";
import { newKey } from "../../support/keys.ts";
import { get, post } from "../../support/http.ts";

test("answers the user and where to read it", async () => {
  const answer = await post("/users", {
    name: "Ada",
    email: "ada@example.com",
    metadata: { a: "b" },
  });
  expect(answer.status).toBe(201);
  const { id, walletId, createdAt, ...profile } = answer.body;
  expect(profile).toEqual({ name: "Ada", email: "ada@example.com", metadata: { a: "b" } });
  expect(id).toMatch(/^usr_[0-9A-HJKMNP-TV-Z]{26}$/);
  expect(walletId).toBe(String(id).replace("usr_", "wal_"));
  expect(Math.abs(Date.parse(String(createdAt)) - Date.now())).toBeLessThan(60_000);
  expect(answer.headers.get("location")).toBe(`/users/${String(id)}`);
  expect(answer.headers.has("idempotent-replayed")).toBe(false);
});

test("what was answered is what is read, to the byte", async () => {
  const opened = await post("/users", { name: "Ada", metadata: { "2": "b", "1": "a" } });
  const read = await get(opened.headers.get("location") ?? "");
  expect(read.text).toBe(opened.text);
});

test("the wallet is open and empty", async () => {
  const { body } = await post("/users", { name: "Ada" });
  const balance = await get(`/wallets/${String(body["walletId"])}/balance`);
  expect(balance.body).toMatchObject({ balance: 0, balances: [], asOf: { sequence: 0 } });
});

const longest = (length: number) => "x".repeat(length);
const pairs = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, ""]));

describe("accepts", () => {
  test.each<[string, Record<string, unknown>]>([
    ["a name of 200 characters", { name: longest(200) }],
    ["a name of 200 characters beyond the basic plane", { name: "\u{1f600}".repeat(200) }],
    ["white space, which is never trimmed", { name: "  Ada\t\n " }],
    ["both composed and decomposed letters", { name: "\u00e9 e\u0301" }],
    ["every escape", { name: '"\\/\b\f\n\r\t\u007f\u2028\u{1f600}' }],
    ["an address with a plus", { name: "A", email: "ada+1@mail.example.co.uk" }],
    ["no pairs of metadata", { name: "A", metadata: {} }],
    ["20 pairs of metadata", { name: "A", metadata: pairs(20) }],
    ["a key of 40 and a value of 500", { name: "A", metadata: { [longest(40)]: longest(500) } }],
    ["names of the language", { name: "A", metadata: { constructor: "c", toString: "t" } }],
  ])("%s", async (_, profile) => {
    const { status, body } = await post("/users", profile);
    expect(status).toBe(201);
    expect(body).toMatchObject(profile);
  });

  test.each([
    "a&b@example.com",
    "x/y=z@example.com",
    "50%@example.com",
    "o'neil+tag@example.co.uk",
    "ada@localhost",
    "ada@[192.0.2.1]",
    "ada@b\u00fccher.example",
    "\u0430\u0434\u0430@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444",
    "\u7528\u6237@\u4f8b\u5b50.\u5e7f\u544a",
    "a..b@example.com",
    `${longest(242)}@example.com`,
  ])("the address %s, as it is", async (email) => {
    const { status, body } = await post("/users", { name: "A", email });
    expect([status, body["email"]]).toEqual([201, email]);
  });

  test("whatever fits its fields, escaped as clients escape it", async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        `${index}${"k".repeat(38)}`,
        "\u0416".repeat(270).padEnd(500, "v").slice(0, 500),
      ]),
    );
    const profile = {
      name: "\u{1f600}".repeat(200),
      email: `${"\u0416".repeat(242)}@a.b`,
      metadata,
    };
    const escaped = JSON.stringify(profile).replaceAll(
      /[^\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    expect(escaped.length).toBeGreaterThan(40 * 1024);
    const { status, body } = await post("/users", escaped);
    expect(status).toBe(201);
    expect(body).toMatchObject(profile);
  });

  test("metadata in ASCII that is as long as its fields, all of it escaped", async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [String(index).padStart(40, "k"), longest(500)]),
    );
    const escaped = JSON.stringify({ name: longest(200), metadata }).replaceAll(
      /[kx]/g,
      (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`,
    );
    expect(escaped.length).toBeGreaterThan(64 * 1024);
    expect((await post("/users", escaped)).body).toMatchObject({ metadata });
  });

  test("a body of exactly 80 KiB, counted in bytes", async () => {
    const body = JSON.stringify({ name: "\u20ac".repeat(200) });
    const bytes = new TextEncoder().encode(body).length;
    const { status } = await post("/users", body + " ".repeat(80 * 1024 - bytes));
    expect(status).toBe(201);
  });

  test.each([
    "application/json",
    "application/json;charset=utf-8",
    'Application/JSON; charset="UTF-8"',
  ])("the content type %s", async (type) => {
    const answer = await post("/users", { name: "A" }, newKey(), { "content-type": type });
    expect(answer.status).toBe(201);
  });
});
