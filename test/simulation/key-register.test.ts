// Guarantee: a ring whose first write is rolled back is as if it had never been asked, and works at
// the next one. On real SQLite; KeyRingCore is what the Durable Object runs.
import { expect, test } from "vitest";
import { apiKeyIdFor } from "../../src/domain/ids.ts";
import type { CreateKeyCall } from "../../src/durable-objects/key-ring/contract.ts";
import { KeyRingCore } from "../../src/durable-objects/key-ring/core.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { writeLog } from "../../src/platform/log.ts";
import { Disk } from "./disk.ts";
import { migrationsIn } from "./production.ts";

const call: CreateKeyCall = {
  protocol: 1,
  requestId: "test",
  tenant: "main",
  keyId: apiKeyIdFor("main", "key"),
  fingerprint: "fp1:key",
  request: { name: "Key", scopes: ["ops:read"] },
  secretHash: "a".repeat(64),
  principal: "dev",
};

test("a rolled back creation leaves nothing, and the next one succeeds", () => {
  const disk = new Disk();
  let failing = true;
  const strikes = (kind: string) => failing && kind === "sql_transaction_failed";
  const storage = disk.mount(() => true, {
    strikes,
    durable: async () => {},
    pause: async () => {},
  });
  const migrations = migrationsIn("key-ring");
  const register = new KeyRingCore({ storage, clock: systemClock, log: writeLog, migrations });

  expect(() => register.create(call)).toThrow("could not be committed");
  expect(disk.query("SELECT name FROM sqlite_master")).toEqual([]);
  failing = false;
  expect(register.create(call)).toMatchObject({ ok: true, replayed: false });
  expect(register.lookUp(call)).toMatchObject({ ok: true, key: { id: call.keyId } });
  disk.close();
});
