// Guarantee: where a request is wrong in several ways, the first in the order of domain/errors.ts
// is answered, from the address over the caller to the body. What is behind a refusal is not looked
// at.
import { expect, test } from "vitest";
import { problemCodes, type ProblemCode } from "../../../src/domain/errors.ts";
import { bootstrapFor, ClosedService } from "../../support/closed.ts";

const root = bootstrapFor("main");
const full: RateLimit = { limit: async () => ({ success: false }) };
const reader = await new ClosedService({ BOOTSTRAP_KEY: root.setting }).createKey(root.text, [
  "ops:read",
]);

const faults = [
  "not_found",
  "method_not_allowed",
  "auth_not_configured",
  "rate_limited",
  "unauthenticated",
  "forbidden",
  "unsupported_media_type",
  "validation_failed",
] as const satisfies readonly ProblemCode[];
type Fault = (typeof faults)[number];

/** Sends one request that has all of these faults, and returns the code of the answer. */
async function codeOf(has: ReadonlySet<Fault>): Promise<unknown> {
  const service = new ClosedService({
    ...(!has.has("auth_not_configured") && { BOOTSTRAP_KEY: root.setting }),
    ...(has.has("rate_limited") && { ADDRESS_LIMIT: full }),
  });
  const credential = has.has("forbidden") ? reader.text : root.text;
  const answer = await service.send(
    has.has("method_not_allowed") ? "PUT" : "POST",
    has.has("not_found") ? "/none" : "/users",
    has.has("unauthenticated") ? `${credential}0` : credential,
    {
      body: has.has("validation_failed") ? { nam: "Ada" } : { name: "Ada" },
      headers: {
        "cf-connecting-ip": "192.0.2.1",
        ...(has.has("unsupported_media_type") && { "content-type": "text/plain" }),
      },
    },
  );
  return answer.body["code"] ?? answer.status;
}

const subsets = Array.from({ length: 2 ** faults.length }, (_, bits) =>
  faults.filter((_fault, index) => bits & (1 << index)),
);

test("the faults stand in the order of the contract", () => {
  const places = faults.map((fault) => problemCodes.indexOf(fault));
  expect(places).toEqual(places.toSorted((left, right) => left - right));
});

test(`the first of them is answered, in all ${subsets.length} combinations`, async () => {
  const answered: [string, unknown][] = [];
  for (const subset of subsets) {
    answered.push([subset.join(" + "), await codeOf(new Set(subset))]);
  }
  expect(answered).toEqual(subsets.map((subset) => [subset.join(" + "), subset[0] ?? 201]));
});
