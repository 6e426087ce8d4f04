// Guarantee: too many requests are shed before anything is read or recorded: those of an address
// before authentication, those of a credential before its scopes are checked.
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { transactionIdFor } from "../../../src/domain/ids.ts";
import { bootstrapFor, ClosedService, tokenFor, tokenSettings } from "../../support/closed.ts";
import { createApp } from "../../../src/http/app.ts";
import { expectProblem, origin } from "../../support/http.ts";
import { newFunding } from "../../support/http-ledger.ts";
import { openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";
import { logObject } from "../../support/stubs.ts";
import { tablesOf } from "../../support/objects.ts";

/** The platform's binding, with a limit for each key and no time to recover. */
function limiter(limit: number) {
  const counts = new Map<string, number>();
  const binding: RateLimit = {
    async limit({ key }) {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return { success: (counts.get(key) ?? 0) <= limit };
    },
  };
  return { binding, counts };
}

const root = bootstrapFor("main");
const { walletId, userId } = await openUser();
const path = `/wallets/${walletId}/balance`;
const from = (address: string) => ({ headers: { "cf-connecting-ip": address } });

describe("of one address", () => {
  const { binding, counts } = limiter(2);
  const service = new ClosedService({ BOOTSTRAP_KEY: root.setting, ADDRESS_LIMIT: binding });

  test("are refused before the credential is looked at, and others' are not", async () => {
    const statuses: number[] = [];
    for (const credential of [undefined, "x", "x", root.text]) {
      statuses.push((await service.send("GET", path, credential, from("192.0.2.1"))).status);
    }
    expect(statuses).toEqual([401, 401, 429, 429]);
    const answer = await service.send("GET", path, root.text, from("192.0.2.1"));
    expectProblem(answer, 429, "rate_limited");
    expect(answer.headers.get("retry-after")).toBe("10");
    expect((await service.send("GET", path, root.text, from("192.0.2.2"))).status).toBe(200);
  });

  test("are not counted where nothing is guarded, or where the address is not known", async () => {
    const before = [...counts.values()];
    expect((await service.send("GET", "/health", undefined, from("192.0.2.1"))).status).toBe(200);
    expectProblem(
      await service.send("GET", "/none", undefined, from("192.0.2.1")),
      404,
      "not_found",
    );
    expect((await service.send("GET", path, root.text)).status).toBe(200);
    expect([...counts.values()]).toEqual(before);
  });
});

describe("of one credential", () => {
  test("are refused from whatever address, before its scopes are looked at", async () => {
    const { binding } = limiter(3);
    const service = new ClosedService({ BOOTSTRAP_KEY: root.setting, CREDENTIAL_LIMIT: binding });
    const reader = await service.createKey(root.text, ["wallets:read"]);
    const statuses: number[] = [];
    for (const target of [path, "/ops/unsettled", path, path, "/ops/unsettled"]) {
      const address = from(`192.0.2.${statuses.length}`);
      statuses.push((await service.send("GET", target, reader.text, address)).status);
    }
    expect(statuses).toEqual([200, 403, 200, 429, 429]);
  });

  test("are counted for each user", async () => {
    const { binding } = limiter(1);
    const service = new ClosedService({ ...tokenSettings, CREDENTIAL_LIMIT: binding });
    const other = await openUser();
    const statuses: number[] = [];
    for (const user of [userId, userId, other.userId]) {
      const token = await tokenFor(user);
      statuses.push((await service.send("GET", `/users/${user}`, token)).status);
    }
    expect(statuses).toEqual([200, 429, 200]);
  });
});

test("a write that is shed leaves nothing, and its key is as new", async () => {
  const { binding } = limiter(0);
  const settings = { BOOTSTRAP_KEY: root.setting };
  const busy = new ClosedService({ ...settings, CREDENTIAL_LIMIT: binding });
  const sent = { body: newFunding(walletId, 5), key: newKey() };
  const shed = await busy.send("POST", "/transactions/fund", root.text, sent);
  expectProblem(shed, 429, "rate_limited");
  expect(await tablesOf(logObject(transactionIdFor("main", sent.key)))).toEqual([]);
  const calm = new ClosedService(settings);
  const answer = await calm.send("POST", "/transactions/fund", root.text, sent);
  expect([answer.status, answer.headers.has("idempotent-replayed")]).toEqual([201, false]);
});

test("both limits are bound, as wrangler.toml declares them", async () => {
  for (const binding of [env.ADDRESS_LIMIT, env.CREDENTIAL_LIMIT]) {
    expect(await binding.limit({ key: newKey() })).toMatchObject({ success: true });
  }
});

test("development has no limits", async () => {
  const { binding } = limiter(0);
  const limited = { ...env, ADDRESS_LIMIT: binding, CREDENTIAL_LIMIT: binding };
  const response = await createApp().request(
    `${origin}${path}`,
    from("192.0.2.1"),
    limited,
    createExecutionContext(),
  );
  expect(response.status).toBe(200);
});
