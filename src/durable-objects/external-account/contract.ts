// The calls of one shard of the outside world, beside the two phases of every account. Its books
// are in books-contract.ts.
import type { ExternalAuditCall, ExternalAuditReport } from "../account/audit-contract.ts";
import type { AccountApi, ClaimsApi } from "../account/contract.ts";
import type { Call } from "../rpc/contract.ts";

export interface ClaimantCall extends Call {
  /** The id in the `AccountAddress` of the shard that is called. */
  readonly account: string;
  /** Of a claim: `payment:<provider>:<reference>` or `payout:...`. */
  readonly key: string;
}

/** Held or posted. Absent where the key is free. */
export interface Claimant {
  readonly transactionId?: string;
}

export interface ExternalAccountApi extends AccountApi, ClaimsApi {
  /** Who claims a reference? One synchronous read; never calls out, writes nothing. */
  claimant(call: ClaimantCall): Promise<Claimant>;
  /** The same for one shard of the outside world: one that was never used is empty. */
  audit(call: ExternalAuditCall): Promise<ExternalAuditReport>;
}
