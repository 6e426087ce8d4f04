// An account's legs as the scrub of a log reads them: facts only; the log compares. One synchronous
// read, which writes nothing even in an account that was never opened.
import { anchorOf } from "../../domain/ledger/entry.ts";
import type { Line } from "../../domain/ledger/line.ts";
import { originKey } from "../../domain/operations/operation.ts";
import type { LegReading } from "../../domain/protocol/scrub.ts";
import { shownDigest } from "../../domain/ledger/posting-digest.ts";
import type { Account } from "./core.ts";
import { isUnderstood } from "../rpc/contract.ts";
import type { LegsCall, LegsResult } from "../transfer-log/scrub-contract.ts";

export function readLegs(account: Account, call: LegsCall): LegsResult {
  if (!isUnderstood(call)) return { ok: false, problem: "protocol_version" };
  const exists = account.exists(call.tenant, call.account);
  const read = (id: string): LegReading => (exists ? readLeg(account, id) : { state: "none" });
  return { ok: true, legs: call.transactionIds.map(read) };
}

function readLeg({ store }: Account, transactionId: string): LegReading {
  const leg = readable(() => store.leg(transactionId));
  if (leg === "unreadable") return { state: "unreadable" };
  if (!leg) return { state: "none" };
  const { state, fingerprint, lines, origin } = leg;
  const reserves = lines.some(isReserving);
  const ended = reserves && store.claimsOf(originKey(transactionId)).some(({ posted }) => posted);
  const about = { ...(origin && { origin }), ...(reserves && { ended }) };
  const content = { state, fingerprint, lines, ...about };
  const last = state === "posted" ? store.postedSequence(transactionId) : undefined;
  if (last === undefined) return content;
  const entries = readable(() => store.entriesAfter(last - lines.length, last, lines.length));
  // The digest of unreadable entries is empty, so that it equals no other.
  if (entries === "unreadable") return { ...content, posted: { shown: "", anchor: "" } };
  const newest = entries.at(-1);
  if (!newest || entries.length < lines.length) return content;
  return { ...content, posted: { shown: shownDigest(entries), anchor: anchorOf(newest.hash) } };
}

function isReserving({ bucket, direction }: Line): boolean {
  return bucket === "reserved" && direction === "credit";
}

/** A column of JSON that an editor has broken, or put other values into, is a finding. Any other
 *  failure is the storage's. */
function readable<T>(read: () => T): T | "unreadable" {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return "unreadable";
    throw error;
  }
}
