// Asks the log about what a leg ends or reverses, where the account has not heard of that: one that
// was rejected may never be heard of here, as when the wallet was opened later. Writes nothing; the
// account acts on the answer.
import { logShardOf } from "../../domain/ids.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import { describeError } from "../../platform/log.ts";
import { protocolVersions } from "../rpc/contract.ts";
import type { LegCall } from "./contract.ts";
import type { AccountPorts } from "./ports.ts";

/** The origin's leg in the account, if its log has rejected it; undefined where it has not, or does
 *  not answer. */
export async function rejectedOrigin(
  { posting: { origin }, requestId, tenant, account }: LegCall,
  ports: Pick<AccountPorts, "logs" | "log">,
): Promise<Posting | undefined> {
  if (!origin) return undefined;
  const { transactionId } = origin;
  const shard = logShardOf(transactionId);
  const asked = { protocol: protocolVersions.before, requestId, tenant, account };
  try {
    const log = ports.logs(shard);
    const [record] = await log.legRecords({ ...asked, transactionIds: [transactionId] });
    return record?.state === "rejected" ? record.posting : undefined;
  } catch (error) {
    const target = `transfer-log ${shard} legRecords`;
    ports.log("warn", { event: "call_failed", requestId, target, detail: describeError(error) });
    return undefined;
  }
}
