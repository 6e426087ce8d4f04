// Guarantee: every release repeats a recorded answer to the byte, at any age. The files
// of test/golden hold rows and their answers; they only grow. How: test/golden/README.md.
import { describe, expect, test } from "vitest";
import { refusalCodes } from "../../src/domain/errors.ts";
import { currentRenderer } from "../../src/domain/protocol/transaction.ts";
import { allOperations } from "../../src/http/operations/all.ts";
import { get, post } from "../support/http.ts";
import { goldens, putRow } from "../support/golden.ts";

/** What the first release could answer. */
const refusalsOfRenderer1 = [
  "wallet_not_found",
  "wallet_frozen",
  "duplicate_payment_reference",
  "insufficient_funds",
  "balance_limit_exceeded",
  "transaction_expired",
];
const writesOfRenderer1 = ["/users", "/freezes", "/transactions/fund", "/transactions/transfer"];

test.each([
  [1, refusalsOfRenderer1, writesOfRenderer1],
  [currentRenderer, refusalCodes, ["/users", "/freezes", ...allOperations.map(({ path }) => path)]],
])("renderer %i: each recorded refusal and each kind of success has one", (...wanted) => {
  const [renderer, refusals, writes] = wanted;
  const own = goldens.filter(([, { row }]) => row["renderer"] === renderer);
  const codes = own.map(([, { posted }]) => (JSON.parse(posted.bytes) as { code?: string }).code);
  const successes = own.filter(([, { posted }]) => posted.status === 201);
  expect(codes).toEqual(expect.arrayContaining([...refusals]));
  expect(successes.map(([, { write }]) => pathOf(write.path))).toEqual(
    expect.arrayContaining(writes),
  );
});

/** As operations spell it. */
function pathOf(path: string): string {
  return path.replace(/^\/wallets\/[^/]+/, "").replace(/txn_[^/]+/, "{id}");
}

describe.each(goldens)("%s", (_, golden) => {
  const { write, posted, read } = golden;

  test("its row answers the same bytes, to its key and to its address", async () => {
    await putRow(golden);
    const replay = await post(write.path, write.body, write.key);
    expect([replay.status, replay.text]).toEqual([posted.status, posted.bytes]);
    expect(replay.headers.get("idempotent-replayed")).toBe("true");

    const answer = await get(read.path);
    expect(answer.status).toBe(read.status);
    // A list begins with the same rows; a later release may say more of the page behind them.
    const isList = read.bytes.startsWith('{"data":[');
    if (isList) expect(answer.text.startsWith(read.bytes.slice(0, -1))).toBe(true);
    else expect(answer.text).toBe(read.bytes);
  });
});
