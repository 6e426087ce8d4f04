// Compares a leg of an account with its log's record: pure, no I/O. The leg is given as it was
// before the log was asked and as it is after the answer, so that concurrent progress never counts
// as a difference.
import { anchorOf, encodeEntryMetadata, type Entry } from "../../domain/ledger/entry.ts";
import type { AuditDifference, LegRecord } from "./audit-contract.ts";
import type { AuditedLeg } from "./audit-store.ts";

type Kind = AuditDifference["kind"];

const legFields = ["fingerprint", "direction", "currency", "amount"] as const;
const entryFields = [
  "type",
  "direction",
  "amount",
  "currency",
  "counterparty",
  "provider",
  "paymentReference",
  "description",
] as const;

const unknown: Readonly<Record<AuditedLeg["state"], Kind>> = {
  held: "unknown_hold",
  posted: "entry_unknown_to_log",
  void: "leg_unknown_to_log",
};

/** A refusal that the log has recorded of this account must be the leg's. The log records the first
 *  in precedence of all accounts; an unopened wallet refuses without leaving a leg. */
function contradictsRefusal({ refusal }: LegRecord, leg: AuditedLeg, account: string): boolean {
  if (!refusal || refusal.code === "wallet_not_found") return false;
  const isExternal = account.startsWith("external-");
  const isDuplicate = refusal.code === "duplicate_payment_reference";
  const isOwn = refusal.account === account || (isExternal && isDuplicate);
  return isOwn && leg.refusal !== JSON.stringify(refusal);
}

/** What is wrong with the leg, if anything. `after`: undefined where its row is gone. */
export function compareLeg(
  before: AuditedLeg,
  record: LegRecord | null,
  after: AuditedLeg | undefined,
  account: string,
): { readonly kind: Kind; readonly field?: string } | undefined {
  if (!record) return { kind: unknown[before.state] };
  const field = legFields.find((name) => before[name] !== record.posting[name]);
  if (field) return { kind: "leg_differs_from_log", field };
  if (record.state === "committed") {
    // A commit means that this account said YES: what it promised is held, or posted.
    const kept = after?.state === "posted" || (after?.state === "held" && !record.settled);
    return kept && before.state !== "void" ? undefined : { kind: "missing_entry" };
  }
  if (before.state === "posted" || after?.state === "posted") {
    return { kind: "entry_unknown_to_log" };
  }
  if (before.state === "held") return undefined;
  // Only a NO makes a void before the decision. A hold may outlive its rejection: one that arrived
  // after the release to a wallet that was not open then is voided by the next ask.
  const early = before.refusal === null && record.state === "preparing";
  if (early) return { kind: "leg_differs_from_log", field: "state" };
  const contradicted = contradictsRefusal(record, before, account);
  return contradicted ? { kind: "leg_differs_from_log", field: "refusal" } : undefined;
}

/** The first field of an entry that is not what the log knows; undefined where all agree. */
export function differingField(entry: Entry, { posting, anchor }: LegRecord): string | undefined {
  const field = entryFields.find((name) => entry[name] !== posting[name]);
  if (field) return field;
  if (encodeEntryMetadata(entry.metadata) !== encodeEntryMetadata(posting.metadata)) {
    return "metadata";
  }
  // Fields that the log does not know by itself (sequence, time, predecessor) are in the hash.
  return anchor === undefined || anchor === anchorOf(entry.hash) ? undefined : "hash";
}
