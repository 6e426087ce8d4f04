// Compares a leg of an account with its log's record: pure, no I/O. The leg is given as it was
// before the log was asked and as it is after the answer, so that concurrent progress never counts
// as a difference.
import {
  anchorOf,
  encodeEntryMetadata,
  shownOf,
  type Entry,
  type Shown,
} from "../../domain/ledger/entry.ts";
import { codesOf } from "../../domain/admission/claim.ts";
import type { Line } from "../../domain/ledger/line.ts";
import type { AuditDifference, LegRecord } from "./audit-contract.ts";
import type { AuditedLeg } from "./audit-store.ts";

type Kind = AuditDifference["kind"];

const entryFields = [
  "line",
  "type",
  "bucket",
  "direction",
  "amount",
  "currency",
  "counterparty",
  "origin",
  "provider",
  "paymentReference",
  "payoutReference",
  "description",
  "decidedAt",
] as const;

const lineFields = ["bucket", "direction", "currency", "amount"] as const;

/** The first field in which lines differ; `lines` where one has more than the other. */
export function differingLineField(
  lines: readonly Line[] | undefined,
  others: readonly Line[],
): string | undefined {
  if (lines?.length !== others.length) return "lines";
  const pairs = lines.map((line, index) => [line, others[index]] as const);
  return lineFields.find((name) => pairs.some(([line, other]) => line[name] !== other?.[name]));
}

const unknown: Readonly<Record<AuditedLeg["state"], Kind>> = {
  held: "unknown_hold",
  posted: "entry_unknown_to_log",
  void: "leg_unknown_to_log",
};

/** A refusal that the log has recorded of this account must be the leg's. The log records the first
 *  in precedence of all accounts; an unopened wallet refuses without leaving a leg. */
function contradictsRefusal(
  { refusal, posting }: LegRecord,
  leg: AuditedLeg,
  account: string,
): boolean {
  if (!refusal || refusal.code === "wallet_not_found") return false;
  const isOfClaim = posting.claims.some((claim) => codesOf(claim).includes(refusal.code));
  const isOwn = refusal.account === account || isOfClaim;
  return isOwn && leg.refusal !== JSON.stringify(refusal);
}

function differingLegField(leg: AuditedLeg, { posting }: LegRecord): string | undefined {
  if (leg.fingerprint !== posting.fingerprint) return "fingerprint";
  const field = differingLineField(leg.lines, posting.lines);
  if (field !== undefined) return field;
  return leg.origin === (posting.origin?.transactionId ?? null) ? undefined : "origin";
}

/** What is wrong with the leg, if anything. `after`: undefined where its row is gone. */
export function compareLeg(
  before: AuditedLeg,
  record: LegRecord | null,
  after: AuditedLeg | undefined,
  account: string,
): { readonly kind: Kind; readonly field?: string } | undefined {
  if (!record) return { kind: unknown[before.state] };
  const field = differingLegField(before, record);
  if (field) return { kind: "leg_differs_from_log", field };
  if (record.state === "committed") {
    // A commit means that this account said YES: what it promised is held, or posted.
    const kept = after?.state === "posted" || (after?.state === "held" && !record.settled);
    return kept && before.state !== "void" ? undefined : { kind: "missing_entry" };
  }
  // What the log had not decided when it answered may be decided and posted by now.
  const posted = record.state === "rejected" && after?.state === "posted";
  if (posted || before.state === "posted") return { kind: "entry_unknown_to_log" };
  if (before.state === "held") return undefined;
  // Only a NO makes a void before the decision. A hold may outlive its rejection: one that arrived
  // after the release to a wallet that was not open then is voided by the next ask.
  const early = before.refusal === null && record.state === "preparing";
  if (early) return { kind: "leg_differs_from_log", field: "state" };
  const contradicted = contradictsRefusal(record, before, account);
  return contradicted ? { kind: "leg_differs_from_log", field: "refusal" } : undefined;
}

/** The entries of a posted leg against its log; `last`: the sequence of the last of them. An entry
 *  that cannot be read is undefined. */
export function compareEntries(
  entries: readonly (Entry | undefined)[],
  last: number,
  { posting, decidedAt, anchor }: LegRecord,
): AuditDifference | undefined {
  const differs = (field: string, sequence: number) =>
    ({ kind: "entry_differs_from_log", sequence, field }) as const;
  if (decidedAt === undefined) return differs("decidedAt", last);
  if (entries.length < posting.lines.length) return { kind: "missing_entry", sequence: last };
  const first = last - entries.length + 1;
  for (const [index, shown] of shownOf(posting, decidedAt).entries()) {
    const field = differingEntryField(entries[index], shown);
    if (field) return differs(field, first + index);
  }
  // Fields that the log does not know by itself (sequence, time, predecessor) are in the hash.
  const hash = entries.at(-1)?.hash ?? "";
  return anchor === undefined || anchor === anchorOf(hash) ? undefined : differs("hash", last);
}

function differingEntryField(entry: Entry | undefined, shown: Shown): string | undefined {
  if (!entry) return "metadata";
  const field = entryFields.find((name) => entry[name] !== shown[name]);
  if (field) return field;
  const isSame = encodeEntryMetadata(entry.metadata) === encodeEntryMetadata(shown.metadata);
  return isSame ? undefined : "metadata";
}
