// An account's legs as the scrub of a log reads them: facts only; the log compares. One synchronous
// read, which writes nothing even in an account that was never opened.
import { anchorOf } from "../../domain/ledger/entry.ts";
import type { LegReading } from "../../domain/protocol/scrub.ts";
import { shownDigest } from "../../domain/ledger/posting-digest.ts";
import type { Account } from "./core.ts";
import { protocolVersion } from "../rpc/contract.ts";
import type { LegsCall, LegsResult } from "../transfer-log/scrub-contract.ts";

export function readLegs(account: Account, call: LegsCall): LegsResult {
  if (call.protocol !== protocolVersion) return { ok: false, problem: "protocol_version" };
  const exists = account.exists(call.tenant, call.account);
  const read = (id: string): LegReading => (exists ? readLeg(account, id) : { state: "none" });
  return { ok: true, legs: call.transactionIds.map(read) };
}

function readLeg({ store }: Account, transactionId: string): LegReading {
  const leg = readable(() => store.leg(transactionId));
  if (leg === "unreadable") return { state: "unreadable" };
  if (!leg) return { state: "none" };
  const { state, fingerprint, direction, currency, amount } = leg;
  const content = { state, fingerprint, direction, currency, amount };
  const sequence = state === "posted" ? store.postedSequence(transactionId) : undefined;
  if (sequence === undefined) return content;
  const entry = readable(() => store.entriesAfter(sequence - 1, sequence, 1)[0]);
  if (entry === undefined) return content;
  // An unreadable leg has no digest and equals none.
  if (entry === "unreadable") return { ...content, entry: { shown: "", anchor: "" } };
  return { ...content, entry: { shown: shownDigest(entry), anchor: anchorOf(entry.hash) } };
}

/** A column of JSON that an editor has broken is a finding. Any other failure is the storage's. */
function readable<T>(read: () => T): T | "unreadable" {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) return "unreadable";
    throw error;
  }
}
