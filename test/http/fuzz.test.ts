// Guarantee: whatever is thrown at any route is refused in the shape of every problem, with a known
// code and never as a fault of ours; and no object has changed or come to hold anything by it.
import { listDurableObjectIds } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import { badMethods, badReads, badWrites, type BadCase } from "../support/bad-cases.ts";
import { send } from "../support/http.ts";
import { openFunded } from "../support/http-users.ts";
import { contentsOf } from "../support/objects.ts";
import { goodWrites } from "../support/writes.ts";

const seed = 20_261_020;
const casesMin = 2_600;
const atOnce = 16;
const namespaces = [env.WALLET, env.EXTERNAL_ACCOUNT, env.TRANSFER_LOG];

/** What every object holds, by id; objects that hold nothing are left out. */
async function allContents(): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>();
  for (const namespace of namespaces) {
    const ids = await listDurableObjectIds(namespace as DurableObjectNamespace);
    for (const id of ids) {
      const held = await contentsOf(namespace.get(id));
      if (held !== "{}") contents.set(id.toString(), held);
    }
  }
  return contents;
}

/** Undefined for a good refusal. `send` has looked at headers, shape and document already. */
async function faultOf({ name, method, path, sent }: BadCase): Promise<string | undefined> {
  try {
    const { status } = await send(method, path, sent);
    if (status >= 400 && status < 500) return undefined;
    return `${method} ${path} (${name}) answers ${status}`;
  } catch (error) {
    return `${method} ${path} (${name}): ${String(error)}`;
  }
}

test("nothing is done, nothing breaks", { timeout: 60_000 }, async () => {
  const writes = await goodWrites();
  const { walletId, userId } = await openFunded(5);
  const paths = ["/", "/users", `/users/${userId}`, `/wallets/${walletId}/balance`];
  const more = ["/transactions", "/health", "/health/ready", "/ops/unsettled", "/docs", "/none"];
  const cases = [
    ...badWrites(writes, 1_900, seed),
    ...badReads(walletId, 600, seed + 1),
    ...badMethods([...paths, ...more, ...writes.map((write) => write.path)]),
  ];
  expect(cases.length).toBeGreaterThanOrEqual(casesMin);
  // That a transaction is settled is written after its answer.
  await vi.waitFor(async () => {
    const { body } = await send("GET", "/ops/unsettled?olderThan=0");
    expect(body).toEqual({ data: [], unreachableShards: 0 });
  }, 20_000);
  const before = await allContents();
  expect(before.size).toBeGreaterThan(5);

  const faults: string[] = [];
  for (let first = 0; first < cases.length; first += atOnce) {
    const found = await Promise.all(cases.slice(first, first + atOnce).map(faultOf));
    faults.push(...found.filter((fault) => fault !== undefined));
  }
  expect(faults).toEqual([]);
  expect(await allContents()).toEqual(before);
});

test("the cases are the same at every run", () => {
  const write = { path: "/users", body: { name: "Ada" }, success: 201, bytesMax: 81_920 };
  const cases = () => JSON.stringify([badWrites([write], 300, seed), badReads("wal_", 300, seed)]);
  expect(cases()).toBe(cases());
});
