// Guarantee: another tenant's key cannot be revoked or even found, exactly like one that does not
// exist; a guess leaves nothing behind.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { apiKeyIdFor, keyRingObjectName } from "../../../src/domain/ids.ts";
import { bootstrapFor, ClosedService } from "../../support/closed.ts";
import { expectProblem } from "../../support/http.ts";
import { newKey } from "../../support/keys.ts";
import { tablesOf } from "../../support/objects.ts";

const [ours, theirs] = [bootstrapFor("main"), bootstrapFor("other")];
const service = new ClosedService({ BOOTSTRAP_KEY: ours.setting });
const elsewhere = new ClosedService({ BOOTSTRAP_KEY: theirs.setting });

const revoke = (id: string) =>
  service.send("DELETE", `/admin/keys/${id}`, ours.text, { headers: { "x-request-id": "same" } });

test("an unknown key, in a ring that was never used", async () => {
  const id = apiKeyIdFor("main", newKey());
  const answer = await revoke(id);
  expectProblem(answer, 404, "not_found");
  expect(answer.body["detail"]).toBe("There is no such API key.");
  for (let shard = 0; shard < 16; shard++) {
    const ring = env.KEY_RING.getByName(keyRingObjectName(shard));
    expect(await tablesOf(ring)).toEqual([]);
  }
});

test.each(["key_1", "key_", "usr_00000000000000000000000000", "key_0000000000000000000000000i"])(
  "an id that cannot exist: %s",
  async (id) => {
    expectProblem(await revoke(id), 404, "not_found");
  },
);

test("another tenant's key: the same answer, and the key goes on working", async () => {
  const { id, text } = await elsewhere.createKey(theirs.text, ["wallets:read"]);
  const missing = apiKeyIdFor("main", newKey());
  const [foreign, unknown] = [await revoke(id), await revoke(missing)];
  expectProblem(foreign, 404, "not_found");
  expect(foreign.text).toBe(unknown.text.replace(missing, id));
  const fresh = new ClosedService({ BOOTSTRAP_KEY: ours.setting });
  expectProblem(await fresh.send("GET", "/users/usr_1", text), 404, "not_found");
});
