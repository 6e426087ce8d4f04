// The migrations of each class, in the order in which they are applied. A folder grows only at its
// end and never refers to later folders: an object that has applied part of a list gets the rest
// when it is next used.
import accountSql from "../../../migrations/account/0001_account.sql";
import keysSql from "../../../migrations/key-ring/0001_keys.sql";
import transferLogSql from "../../../migrations/transfer-log/0001_transfer_log.sql";
import oneUseOfAKeySql from "../../../migrations/transfer-log/0002_one_use_of_a_key.sql";
import walletSql from "../../../migrations/wallet/0001_wallet.sql";
import type { Migration } from "../../platform/migrations.ts";

const account: Migration = { id: "account/0001_account", sql: accountSql };

export const walletMigrations: readonly Migration[] = [
  account,
  { id: "wallet/0001_wallet", sql: walletSql },
];

export const externalAccountMigrations: readonly Migration[] = [account];

export const transferLogMigrations: readonly Migration[] = [
  { id: "transfer-log/0001_transfer_log", sql: transferLogSql },
  { id: "transfer-log/0002_one_use_of_a_key", sql: oneUseOfAKeySql },
];

export const keyRingMigrations: readonly Migration[] = [{ id: "key-ring/0001_keys", sql: keysSql }];
