// Protects: a question that is not as the contract says is refused, and a cursor continues only the
// list that it was made for.
import { describe, expect, test } from "vitest";
import { encodeCursor } from "../../../src/http/cursor.ts";
import { expectProblem, fund, get, newFunding, openFunded, pathsOf } from "../../support/http.ts";

const { walletId } = await openFunded(1);
await fund(newFunding(walletId, 2));
await fund(newFunding(walletId, 3));
const other = await openFunded(1);

describe("validation_failed", () => {
  test.each<readonly [string, string, string]>([
    ["no wallet", "limit=5", "walletId"],
    ["two wallets", `walletId=${walletId}&walletId=${other.walletId}`, "walletId"],
    ["1,024 characters and more", `walletId=${walletId}&x=${"y".repeat(1_024)}`, ""],
    ["a thousand parameters", "a&".repeat(1_000), ""],
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
      "to=now",
      "to=%00",
    ].map((query) => [query, `walletId=${walletId}&${query}`, query.split("=")[0] ?? ""] as const),
  ])("%s", async (_, query, path) => {
    const answer = await get(`/transactions?${query}`);
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer)).toEqual([path]);
  });

  test("everything at once", async () => {
    const answer = await get("/transactions?limit=0&type=x&from=x&sort=up");
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer)).toEqual(["walletId", "type", "from", "limit", "sort"]);
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
