// The objects of a test, for a look into their storage and for their alarms.
import { env } from "cloudflare:workers";
import { accountObjectName, logShardOf } from "../../src/domain/ids.ts";
import { addressOf, type Submission } from "../../src/domain/protocol/transaction.ts";
import { tenant } from "./caller.ts";

export function walletObject(walletId: string) {
  return env.WALLET.getByName(accountObjectName(tenant, { class: "wallet", id: walletId }));
}

export function logObject(transactionId: string) {
  return env.TRANSFER_LOG.getByName(
    `transfer-log-${logShardOf(transactionId).toString(16).padStart(2, "0")}`,
  );
}

/** The shard of the outside world that keeps the debit of a funding. */
export function externalObject(submitted: Submission) {
  const address = addressOf(submitted, "external:default");
  return env.EXTERNAL_ACCOUNT.getByName(accountObjectName(tenant, address));
}
