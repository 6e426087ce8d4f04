// API keys: recorded once, revoked for good, kept to their tenant.
import type { Area } from "../planted-fault.ts";

const file = "src/durable-objects/key-ring/core.ts";
const rings = ["test/durable-objects/key-ring/key-rings.test.ts"];

export const keyRegisterFaults: Area = {
  area: "key register",
  faults: [
    {
      name: "revoked-twice",
      breaks: "The first revocation of a key stays.",
      file,
      find: "if (key.revoked) return { ok: true, key };",
      replace: "",
      caughtBy: { command: "node test/simulation/cli.ts --seed 1" },
    },
    {
      name: "useless-secret-shown",
      breaks: "A secret is shown only to the request that created its key.",
      file,
      find: "replayed: key.secretHash !== call.secretHash",
      replace: "replayed: false",
      caughtBy: { command: "node test/simulation/cli.ts --seed 1" },
    },
    {
      name: "foreign-key-revoked",
      breaks: "No tenant revokes another tenant's key.",
      file,
      find: "if (key?.tenant !== call.tenant) return notFound;",
      replace: "if (!key) return notFound;",
      caughtBy: { command: "node test/simulation/cli.ts --seed 23" },
    },
    {
      name: "ring-remembers-a-rolled-back-schema",
      breaks: "A ring whose first write is rolled back is as if it had never been asked.",
      file,
      find: "this.#schema.rolledBack();",
      replace: "",
      caughtBy: ["test/simulation/key-register.test.ts"],
    },
    {
      name: "ring-answers-for-another-shard",
      breaks: "A ring answers for its own shard of the ids only.",
      file,
      find: "shard: keyShardOf(keyId), shards: keyShardCount",
      replace: "shards: keyShardCount",
      caughtBy: rings,
    },
  ],
};
