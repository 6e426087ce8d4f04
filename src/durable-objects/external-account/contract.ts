// The calls of one shard of the outside world, beside the two phases of every account. Its books
// are in books-contract.ts.
import type { ExternalAuditCall, ExternalAuditReport } from "../account/audit-contract.ts";
import type { AccountApi, ClaimsApi } from "../account/contract.ts";

export interface ExternalAccountApi extends AccountApi, ClaimsApi {
  /** The same for one shard of the outside world: one that was never used is empty. */
  audit(call: ExternalAuditCall): Promise<ExternalAuditReport>;
}
