// The migrations of each class, in the order in which they are applied. A folder grows only at its
// end and never refers to later folders: an object that has applied part of a list gets the rest
// when it is next used.
import ledgerSql from "../../../migrations/account/0001_ledger.sql";
import closeLegsSql from "../../../migrations/account/0002_entries_close_legs.sql";
import claimsSql from "../../../migrations/external-account/0001_claims.sql";
import keysSql from "../../../migrations/key-ring/0001_keys.sql";
import transactionsSql from "../../../migrations/transfer-log/0001_transactions.sql";
import principalSql from "../../../migrations/transfer-log/0002_principal.sql";
import fixedColumnsSql from "../../../migrations/transfer-log/0003_fixed_columns.sql";
import anchorsSql from "../../../migrations/transfer-log/0004_anchors.sql";
import transactionNonceSql from "../../../migrations/transfer-log/0005_nonce.sql";
import scrubSql from "../../../migrations/transfer-log/0006_scrub.sql";
import walletSql from "../../../migrations/wallet/0001_wallet.sql";
import movementsSql from "../../../migrations/wallet/0004_movements.sql";
import freezesSql from "../../../migrations/wallet/0002_freezes.sql";
import walletNonceSql from "../../../migrations/wallet/0003_nonce.sql";
import type { Migration } from "../../platform/migrations.ts";

const ledger: Migration = { id: "account/0001_ledger", sql: ledgerSql };
const closeLegs: Migration = { id: "account/0002_entries_close_legs", sql: closeLegsSql };

export const walletMigrations: readonly Migration[] = [
  ledger,
  closeLegs,
  { id: "wallet/0001_wallet", sql: walletSql },
  { id: "wallet/0002_freezes", sql: freezesSql },
  { id: "wallet/0003_nonce", sql: walletNonceSql },
  { id: "wallet/0004_movements", sql: movementsSql },
];

export const externalAccountMigrations: readonly Migration[] = [
  ledger,
  closeLegs,
  { id: "external-account/0001_claims", sql: claimsSql },
];

export const transferLogMigrations: readonly Migration[] = [
  { id: "transfer-log/0001_transactions", sql: transactionsSql },
  { id: "transfer-log/0002_principal", sql: principalSql },
  { id: "transfer-log/0003_fixed_columns", sql: fixedColumnsSql },
  { id: "transfer-log/0004_anchors", sql: anchorsSql },
  { id: "transfer-log/0005_nonce", sql: transactionNonceSql },
  { id: "transfer-log/0006_scrub", sql: scrubSql },
];

export const keyRingMigrations: readonly Migration[] = [{ id: "key-ring/0001_keys", sql: keysSql }];
