// Guarantee: another tenant's key is exactly like one that does not exist, and asking leaves
// nothing.
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
const read = (id: string) =>
  service.send("GET", `/admin/keys/${id}`, ours.text, { headers: { "x-request-id": "same" } });

test("an unknown key, in a ring that was never used", async () => {
  const answer = await read(apiKeyIdFor("main", newKey()));
  expectProblem(answer, 404, "not_found");
  expect(answer.body["detail"]).toBe("There is no such API key.");
  for (let shard = 0; shard < 16; shard++) {
    expect(await tablesOf(env.KEY_RING.getByName(keyRingObjectName(shard)))).toEqual([]);
  }
});

test.each(["key_1", "key_", "usr_00000000000000000000000000", "key_0000000000000000000000000i"])(
  "an id that cannot exist: %s",
  async (id) => {
    expectProblem(await read(id), 404, "not_found");
  },
);

test("another tenant's key, to the byte", async () => {
  const { id } = await elsewhere.createKey(theirs.text, ["wallets:read"]);
  const missing = apiKeyIdFor("main", newKey());
  const [foreign, unknown] = [await read(id), await read(missing)];
  expectProblem(foreign, 404, "not_found");
  expect(foreign.text.replace(id, "")).toBe(unknown.text.replace(missing, ""));
});
