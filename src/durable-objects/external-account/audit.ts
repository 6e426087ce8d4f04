// The checks of an external account's audit beyond its chain and its legs: every payment reference
// is claimed by the leg that used it, and by no other. Reads only.
import { genesisHash, type Entry } from "../../domain/ledger/entry.ts";
import { shardCount } from "../../domain/limits.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import type { Account } from "../account/core.ts";
import type { AccountPorts } from "../account/ports.ts";
import { AccountAudit, rowsPerTurn, type AuditRules, type Difference } from "../account/audit.ts";
import type {
  ExternalAuditCall,
  ExternalAuditReport,
  LegRecord,
} from "../account/audit-contract.ts";
import { AuditStore, type AuditedClaim, type AuditedLeg } from "../account/audit-store.ts";

class ExternalRules implements AuditRules {
  readonly shards = shardCount;
  readonly #store: AuditStore;
  claims = 0;

  constructor(store: AuditStore) {
    this.#store = store;
  }

  checkEntry(entry: Entry): Difference {
    const { sequence, transactionId } = entry;
    if (this.#claimantOf(entry) === transactionId) return undefined;
    return { kind: "wrong_claim", sequence, transactionId };
  }

  #claimantOf({ provider = "", paymentReference = "" }: Entry | Posting): string | undefined {
    return this.#store.claimant(provider, paymentReference);
  }

  /** Every claim is that of a held or a posted leg, and names the reference of its entry. */
  async checkRecords(_: unknown, letOthersIn: () => Promise<void>): Promise<Difference> {
    let turn = this.#store.claimsAfter("", "", rowsPerTurn);
    while (turn.length > 0) {
      for (const claim of turn) {
        this.claims += 1;
        const { transactionId } = claim;
        if (!isKept(claim)) return { kind: "wrong_claim", transactionId };
      }
      if (turn.length < rowsPerTurn) return undefined;
      await letOthersIn();
      const { provider, reference } = turn.at(-1) as AuditedClaim;
      turn = this.#store.claimsAfter(provider, reference, rowsPerTurn);
    }
    return undefined;
  }

  /** The claim of a held leg is its own; a duplicate was refused because of the claim there is. */
  checkLeg({ state, transactionId, refusal }: AuditedLeg, { posting }: LegRecord): Difference {
    const claimant = this.#claimantOf(posting);
    if (state === "held" && claimant !== transactionId) return { kind: "wrong_claim" };
    const isDuplicate = state === "void" && refusal !== null;
    if (!isDuplicate) return undefined;
    const duplicate = { code: "duplicate_payment_reference", transactionId: claimant };
    if (refusal === JSON.stringify(duplicate)) return undefined;
    return { kind: "leg_differs_from_log", field: "refusal" };
  }
}

function isKept(claim: AuditedClaim): boolean {
  if (claim.open === null) return false;
  if (claim.open === 1) return true;
  const { provider, reference, entryProvider, entryReference } = claim;
  return claim.sequence !== null && entryProvider === provider && entryReference === reference;
}

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
  const store = new AuditStore(ports.storage);
  const rules = new ExternalRules(store);
  const audit = new AccountAudit(account, store, ports, call, address);
  const difference = await audit.run(rules);
  const { head, holds, transactions, unreachableShards } = audit;
  const checked = { entries: head.sequence, claims: rules.claims, holds, transactions };
  return { ok: true, head, checked, ...(difference && { difference }), unreachableShards };
}
