// Guarantee: a route that is not in the access table answers no caller, whatever its scopes.
import { expect, it } from "vitest";
import { scopes } from "../../src/domain/principal.ts";
import { accessTo, permits } from "../../src/http/access.ts";

const everything = { id: "key_test", tenant: "main", scopes };

it("a route that is not in the table permits not even a caller with every scope", () => {
  const unlisted = accessTo({ method: "GET", pattern: "/forgotten" });
  expect(unlisted).toBeUndefined();
  expect(permits(everything, unlisted)).toBe(false);
  expect(permits(everything, accessTo({ method: "GET", pattern: "/ops/books" }))).toBe(true);
});
