// The audit of one shard of the outside world: what all accounts have, and nothing besides. Reads
// only.
import { genesisHash } from "../../domain/ledger/entry.ts";
import { shardCount } from "../../domain/limits.ts";
import type { Account } from "../account/core.ts";
import type { AccountPorts } from "../account/ports.ts";
import { AccountAudit, type AuditRules } from "../account/audit.ts";
import type { ExternalAuditCall, ExternalAuditReport } from "../account/audit-contract.ts";

const rules: AuditRules = {
  shards: shardCount,
  checkEntry: () => undefined,
  checkRecords: async () => undefined,
};

export async function auditExternalAccount(
  account: Account,
  ports: AccountPorts,
  call: ExternalAuditCall,
): Promise<ExternalAuditReport> {
  const address = { class: "external-account", id: call.account } as const;
  if (!account.wasUsed(call.tenant, call.account)) {
    const head = { sequence: 0, hash: genesisHash(call.tenant, address), createdAt: 0 };
    const checked = { entries: 0, claims: 0, holds: 0, transactions: 0 };
    return { ok: true, head, checked, unreachableShards: 0 };
  }
  const audit = new AccountAudit(account, ports, call, address);
  const difference = await audit.run(rules);
  const { head, claims, holds, transactions, unreachableShards } = audit;
  const checked = { entries: head.sequence, claims, holds, transactions };
  return { ok: true, head, checked, ...(difference && { difference }), unreachableShards };
}
