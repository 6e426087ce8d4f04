// What production and a test would both get wrong, if the test took it from production: found by
// the reckoning of test/oracle in the simulator and in the history checker.
import type { Area } from "../planted-fault.ts";

const simulator = { command: "node test/simulation/cli.ts --seed 268" };
const checker = ["test/history/checker.test.ts"];

export const oracleFaults: Area = {
  area: "oracle",
  faults: [
    {
      name: "simulator-sees-another-hash",
      breaks: "The simulator reckons the chain of hashes by itself.",
      file: "src/domain/ledger/entry.ts",
      find: "digestTuple([entry.previousHash, canonical])",
      replace: "digestTuple([canonical])",
      caughtBy: simulator,
    },
    {
      name: "simulator-sees-another-id",
      breaks: "The simulator reckons the ids of transactions by itself.",
      file: "src/domain/ids.ts",
      find: "digestTuple([version, tenant, ...namespace, key])",
      replace: "digestTuple([tenant, version, ...namespace, key])",
      caughtBy: simulator,
    },
    {
      name: "simulator-sees-another-fingerprint",
      breaks: "The simulator reckons fingerprints by itself.",
      file: "src/domain/operations/transfer.ts",
      find: "    currency ?? null,\n",
      replace: "",
      caughtBy: simulator,
    },
    {
      name: "checker-sees-another-hash",
      breaks: "The history checker reckons the chain of hashes by itself.",
      file: "src/domain/ledger/entry.ts",
      find: "    textDigest(entry),\n",
      replace: "",
      caughtBy: checker,
    },
    {
      name: "checker-sees-another-id",
      breaks: "The history checker reckons the ids of transactions by itself.",
      file: "src/domain/ids.ts",
      find: "digestTuple([version, tenant, ...namespace, key])",
      replace: "digestTuple([tenant, version, ...namespace, key])",
      caughtBy: checker,
    },
  ],
};
