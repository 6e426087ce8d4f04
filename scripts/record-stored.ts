// Stores a small ledger as the frozen release in test/releases writes it: files of two wallets, one
// account of the outside world and one log shard, as JSON. Later releases have to read it.
// `node scripts/record-stored.ts FILE`. What was once recorded is never recorded anew.
import { existsSync, writeFileSync } from "node:fs";
import { recordLedger } from "../test/simulation/stored-ledger.ts";

const [file] = process.argv.slice(2);
if (file === undefined || existsSync(file)) {
  console.error("usage: node scripts/record-stored.ts FILE, one that does not exist");
  process.exit(2);
}
const { files } = await recordLedger();
const lines = files.map((one) => JSON.stringify(one));
writeFileSync(file, `{"files":[\n${lines.join(",\n")}\n]}\n`);
