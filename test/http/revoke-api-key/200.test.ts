// Guarantee: a revoked key is refused everywhere within the promised time, and stays refused; the
// record of its first revocation stays as it is.
import { expect, test } from "vitest";
import { keyCacheMaxMs } from "../../../src/domain/limits.ts";
import { systemClock } from "../../../src/platform/clock.ts";
import { bootstrapFor, ClosedService } from "../../support/closed.ts";
import { expectProblem } from "../../support/http.ts";

const root = bootstrapFor("main");
const settings = { BOOTSTRAP_KEY: root.setting };

test("a repetition gets the same bytes, by whomever", async () => {
  const service = new ClosedService(settings);
  const { id } = await service.createKey(root.text, ["ops:read"]);
  const other = await service.createKey(root.text, ["keys:manage"]);
  const first = await service.send("DELETE", `/admin/keys/${id}`, root.text);
  expect([first.status, first.body["revokedBy"]]).toEqual([200, root.setting.split(":")[1]]);
  const again = await service.send("DELETE", `/admin/keys/${id}`, other.text);
  expect([again.status, again.text]).toEqual([200, first.text]);
});

test("where the key was never seen it is refused at once", async () => {
  const service = new ClosedService(settings);
  const { id, text } = await service.createKey(root.text, ["wallets:read"]);
  await service.send("DELETE", `/admin/keys/${id}`, root.text);
  expectProblem(await service.send("GET", "/users/usr_1", text), 401, "unauthenticated");
});

test("where the key is remembered it is refused within 60 s", async () => {
  let time = Date.now();
  const clock = { ...systemClock, now: () => time };
  const service = new ClosedService(settings, { clock });
  const { id, text } = await service.createKey(root.text, ["wallets:read"]);
  const use = () => service.send("GET", "/users/usr_1", text);
  expectProblem(await use(), 404, "not_found");
  await service.send("DELETE", `/admin/keys/${id}`, root.text);

  time += keyCacheMaxMs - 1;
  expectProblem(await use(), 404, "not_found");
  time += 1;
  expectProblem(await use(), 401, "unauthenticated");
  expect(keyCacheMaxMs).toBeLessThanOrEqual(55_000);
});

test("a key may revoke itself", async () => {
  const service = new ClosedService(settings);
  const { id, text } = await service.createKey(root.text, ["keys:manage"]);
  expect((await service.send("DELETE", `/admin/keys/${id}`, text)).status).toBe(200);
  const elsewhere = new ClosedService(settings);
  expectProblem(await elsewhere.send("GET", "/admin/keys", text), 401, "unauthenticated");
});
