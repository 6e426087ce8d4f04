// Guarantee: a question that is not as the contract says is refused, and a cursor continues only
// the list that it was made for.
import { describe, expect, test } from "vitest";
import { encodeCursor } from "../../../src/http/cursor.ts";
import { expectProblem, get, pathsOf } from "../../support/http.ts";
import { fund, newFunding } from "../../support/http-ledger.ts";
import { openFunded } from "../../support/http-users.ts";

const { walletId } = await openFunded(1);
await fund(newFunding(walletId, 2));
await fund(newFunding(walletId, 3));
const other = await openFunded(1);

describe("validation_failed", () => {
  test.each<readonly [string, string, string]>([
    ["no wallet", "limit=5", "walletId"],
    ["two wallets", `walletId=${walletId}&walletId=${other.walletId}`, "walletId"],
    ["4,096 characters and more", `walletId=${walletId}&x=${"y".repeat(4_096)}`, ""],
    ["three thousand parameters", "a&".repeat(3_000), ""],
    ["nothing to look for", "provider=bank", "walletId"],
    ["two references", "paymentReference=a&payoutReference=a", "payoutReference"],
    ["a wallet and a payment", `walletId=${walletId}&paymentReference=a`, "paymentReference"],
    ["a wallet and a payout", `walletId=${walletId}&payoutReference=a`, "payoutReference"],
    ["a wallet and a provider", `walletId=${walletId}&provider=bank`, "provider"],
    ["a reference with a space before it", "paymentReference=%20a", "paymentReference"],
    ["an empty reference", "payoutReference=", "payoutReference"],
    ["a provider in upper case", "payoutReference=a&provider=Bank", "provider"],
    ...[
      "currency=USD",
      "direction=debit",
      "type=funding",
      "from=2026-10-20T09:30:00Z",
      "to=2026-10-20T09:30:00Z",
      "cursor=abc",
    ].map((filter) => {
      const path = filter.split("=")[0] ?? "";
      return [`a reference and ${path}`, `paymentReference=a&${filter}`, path] as const;
    }),
    ["an unknown parameter", `walletId=${walletId}&offset=5`, "offset"],
    ["a name of the language", `walletId=${walletId}&__proto__=5`, "__proto__"],
    ...[
      "limit=0",
      "limit=201",
      "limit=-1",
      "limit=1.0",
      "limit=1e1",
      "limit=05",
      "limit=",
      "limit=+5",
      "limit=%205",
      "limit=five",
      "limit=9007199254740993",
      "limit=5&limit=5",
      "currency=usd",
      "currency=ZZZ",
      "currency=",
      "direction=both",
      "direction=Debit",
      "direction=",
      "type=refund",
      "type=",
      "from=",
      "from=yesterday",
      "from=2026-10-20",
      "from=1760952600000",
      "from=2026-10-20T09:30:00",
      "from=2026-10-20 09:30:00Z",
      "from=2026-02-30T00:00:00Z",
      "from=2026-10-20T24:00:00Z",
      "from=2026-10-20T09:30Z",
      "to=2026-13-01T00:00:00Z",
      "to=2026-10-20T09:30:00%2B99:00",
      "from=2026-10-20T09:30:60Z",
      "from=2026-12-30T23:59:60Z",
      "from=2026-12-31T23:59:61Z",
      "from=2026-12-31T23:59:60%2B01:00",
      "from=2026-10-20T09:30:00 02:00",
      "from=2026-10-20T09:30:00+02:00",
      "from=2026-10-20T09:30:00,5Z",
      "from=2027-01-01T00:00:00Z&to=2026-12-31T23:59:59Z",
      "from=2026-10-20T09:30:00.002Z&to=2026-10-20T09:30:00.001Z",
      "to=now",
      "to=%00",
    ].map((query) => [query, `walletId=${walletId}&${query}`, query.split("=")[0] ?? ""] as const),
  ])("%s", async (_, query, path) => {
    const answer = await get(`/transactions?${query}`);
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer)).toEqual([path]);
  });

  const messageOf = async (query: string) => {
    const answer = await get(`/transactions?walletId=${walletId}&${query}`);
    const [error] = answer.body["errors"] as { message: string }[];
    return error?.message;
  };

  test("an offset whose plus became a space is told what to do", async () => {
    const form = "A date and time of RFC 3339, with Z or an offset.";
    const hint = `${form} In a query, a + is sent as %2B.`;
    expect(await messageOf("from=2026-10-20T09:30:00+02:00")).toBe(hint);
    expect(await messageOf("to=2026-10-20T09:30:00.5+02:00")).toBe(hint);
    expect(await messageOf("to=2026-10-20+09:30:00")).toBe(form);
  });

  test("a range that ends before it begins", async () => {
    const query = "from=2026-10-20T09:30:00Z&to=2026-10-20T09:29:59Z";
    expect(await messageOf(query)).toBe("Later than `to`: no entry can be between them.");
  });

  test("an empty cursor", async () => {
    expect(await messageOf("cursor=")).toBe("It is empty: omit it for the first page.");
  });

  test("everything at once", async () => {
    const answer = await get("/transactions?limit=0&type=x&from=x&sort=up");
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer)).toEqual(["type", "from", "limit", "sort"]);
  });
});

describe("a cursor", () => {
  const cursorOf = async (query: string) =>
    String((await get(`/transactions?${query}&limit=1`)).body["nextCursor"]);
  const expectRefused = async (query: string) => {
    const answer = await get(`/transactions?${query}`);
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer)).toEqual(["cursor"]);
  };

  test.each([
    ["another wallet", `walletId=${other.walletId}`],
    ["an added currency", `walletId=${walletId}&currency=USD`],
    ["an added direction", `walletId=${walletId}&direction=credit`],
    ["an added type", `walletId=${walletId}&type=funding`],
    ["an added start", `walletId=${walletId}&from=1970-01-01T00:00:00Z`],
    ["an added end", `walletId=${walletId}&to=2999-01-01T00:00:00Z`],
    ["a wallet that cannot exist", "walletId=wal_1"],
  ])("is refused with %s", async (_, query) => {
    await expectRefused(`${query}&cursor=${await cursorOf(`walletId=${walletId}`)}`);
  });

  test("is refused with a filter left out or changed", async () => {
    const cursor = await cursorOf(`walletId=${walletId}&direction=credit&currency=USD`);
    await expectRefused(`walletId=${walletId}&direction=credit&cursor=${cursor}`);
    await expectRefused(`walletId=${walletId}&direction=debit&currency=USD&cursor=${cursor}`);
  });

  test("of another tenant is refused", async () => {
    const foreign = encodeCursor({ tenant: "other", walletId, filter: {} }, 2);
    await expectRefused(`walletId=${walletId}&cursor=${foreign}`);
  });

  test("is refused when any of its characters is changed, added or lost", async () => {
    const cursor = await cursorOf(`walletId=${walletId}`);
    for (let index = 0; index < cursor.length; index += 3) {
      const changed = cursor[index] === "A" ? "B" : "A";
      const broken = cursor.slice(0, index) + changed + cursor.slice(index + 1);
      await expectRefused(`walletId=${walletId}&cursor=${broken}`);
    }
    for (const broken of ["", "null", "1", `${cursor}A`, `${cursor}%3D`, cursor.slice(1)]) {
      await expectRefused(`walletId=${walletId}&cursor=${broken}`);
    }
  });
});
