// Guarantee: every release repeats a recorded answer to the byte, at any age. The files
// of test/golden hold rows and their answers; they only grow. How: test/golden/README.md.
import { describe, expect, test } from "vitest";
import { refusalCodes } from "../../src/domain/errors.ts";
import { get, post } from "../support/http.ts";
import { goldens, putRow } from "../support/golden.ts";

test("there is one for each recorded refusal, and for each kind of success", () => {
  const names = goldens.map(([name]) => name);
  const refusals = refusalCodes.map((code) => code.replaceAll("_", "-"));
  const kinds = ["user", "funding", "transfer", "freeze"];
  expect(names).toEqual(expect.arrayContaining([...refusals, ...kinds]));
});

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
