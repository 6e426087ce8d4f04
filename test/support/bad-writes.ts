// The tests that every money operation passes: bodies that are not strict JSON, fields that are not
// of the schema, and keys that are no keys are refused by name and leave nothing behind.
import { describe, expect, test } from "vitest";
import { badAmounts, expectNoTrace, invalidKeys, malformedBodies } from "./bad-requests.ts";
import { expectProblem, pathsOf, post, send } from "./http.ts";
import { newKey } from "./keys.ts";

export interface BadWrites {
  readonly path: string;
  /** A body that would be accepted. */
  readonly valid: object;
  /** The body with the amount spelled as given. */
  readonly withAmount: (amount: string) => string;
  /** Where it is. Default: `amount`. */
  readonly amountPath?: string;
  /** Fails if the request that used the key, or any other, has moved money. */
  readonly expectNothing: (key: string) => Promise<void>;
}

/** Inside of `describe("malformed_json")`. */
export function testMalformedBodies({ path }: BadWrites): void {
  test.each(malformedBodies)("%s", async (_, body) => {
    const key = newKey();
    const headers = { "content-type": "application/json", "idempotency-key": key };
    expectProblem(await send("POST", path, { headers, body }), 400, "malformed_json");
    await expectNoTrace(key);
  });
}

/** Inside of `describe("validation_failed")`. `cases`: a name, changes of the valid body, and the
 *  paths of the fields that the answer has to name. */
export function testInvalidFields(
  { path, valid, withAmount, amountPath = "amount", expectNothing }: BadWrites,
  cases: readonly (readonly [name: string, change: object, paths: readonly string[]])[],
): void {
  const expectRefused = async (body: unknown, paths: readonly string[]) => {
    const key = newKey();
    const answer = await post(path, body, key);
    expectProblem(answer, 400, "validation_failed");
    expect(pathsOf(answer)).toEqual(paths);
    await expectNothing(key);
  };

  test.each(badAmounts)("the amount %s", (amount) =>
    expectRefused(withAmount(amount), [amountPath]),
  );

  test.each(cases)("%s", (_, change, paths) => expectRefused({ ...valid, ...change }, paths));
}

/** The Idempotency-Key. Nothing is recorded under a key that is missing or invalid. */
export function testBadKeys({ path, valid, expectNothing }: BadWrites): void {
  describe("the key", () => {
    test("is missing", async () => {
      expectProblem(await post(path, valid, null), 400, "idempotency_key_missing");
      await expectNothing(newKey());
    });

    test.each(invalidKeys)("is invalid: %s", async (_, key) => {
      expectProblem(await post(path, valid, key), 400, "idempotency_key_invalid");
      await expectNothing(newKey());
    });
  });
}
