// Guarantee: a caller grants only scopes that it has itself, also when it repeats the creation of a
// caller that had more.
import { expect, test } from "vitest";
import { scopes } from "../../../src/domain/principal.ts";
import { bootstrapFor, ClosedService } from "../../support/closed.ts";
import { expectProblem } from "../../support/http.ts";
import { newKey } from "../../support/keys.ts";

const root = bootstrapFor("main");
const service = new ClosedService({ BOOTSTRAP_KEY: root.setting });
const clerk = await service.createKey(root.text, ["keys:manage", "wallets:read"]);

test.each(scopes.filter((scope) => !["keys:manage", "wallets:read"].includes(scope)))(
  "%s, by a caller without it",
  async (scope) => {
    const body = { name: "more", scopes: ["wallets:read", scope] };
    expectProblem(
      await service.send("POST", "/admin/keys", clerk.text, { body }),
      403,
      "forbidden",
    );
  },
);

test("a replay is refused to a caller that may not create the key", async () => {
  const sent = { body: { name: "funding", scopes: ["funding:write"] }, key: newKey() };
  expect((await service.send("POST", "/admin/keys", root.text, sent)).status).toBe(201);
  expectProblem(await service.send("POST", "/admin/keys", clerk.text, sent), 403, "forbidden");
});

test("what the creator has may be granted", async () => {
  const body = { name: "same", scopes: ["keys:manage", "wallets:read"] };
  expect((await service.send("POST", "/admin/keys", clerk.text, { body })).status).toBe(201);
});
