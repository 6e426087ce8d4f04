// One shard of the outside world's side of the books: an account without funds or limits, in which
// payment references are claimed. Everything but the shell.
import { shardCount } from "../../domain/limits.ts";
import type { Migration } from "../../platform/migrations.ts";
import type { SqlRow } from "../../platform/storage.ts";
import { Account } from "../account/core.ts";
import type { AccountPorts } from "../account/ports.ts";

interface LookRow extends SqlRow {
  known: number;
  openLegs: number;
}

const lookQuery = `
  SELECT EXISTS (SELECT 1 FROM legs WHERE open IN (0, 1) AND transaction_id = ?) AS known,
    (SELECT count(*) FROM legs WHERE open = 1) AS openLegs`;

export function createExternalAccount(
  ports: AccountPorts,
  migrations: readonly Migration[],
): Account {
  return new Account(ports, {
    class: "external-account",
    migrations,
    shards: shardCount,
    isCreatedOnUse: true,
    look({ transactionId }) {
      const [row] = ports.storage.sql.exec<LookRow>(lookQuery, transactionId).toArray();
      if (!row) throw new Error("a query of subqueries has one row");
      return { known: row.known === 1, freeze: "none", openLegs: row.openLegs };
    },
    onPosted: () => {},
    writesWithEntry: () => false,
  });
}
