// The contract of remote calls between objects and from the edge. Expected outcomes are values; a
// throw means a bug or a failure of the platform. Every call may be repeated: a repeat has the
// effect and the answer of the first. A malformed call throws (validate.ts).
import { originId } from "../../domain/operations/operation.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";

/** Of the calls between objects: this release's own, and that of the release before it. Both are
 *  understood, and a call goes out in the lowest that can say it: a deployment that mixes the two
 *  releases delays only what the one before cannot do. Any other version is answered BUSY. */
export const protocolVersions = { before: 1, own: 2 } as const;

export function isUnderstood({ protocol }: { readonly protocol?: unknown }): boolean {
  return protocol === protocolVersions.own || protocol === protocolVersions.before;
}

/** The lowest version that can say a leg. Version 2 brought transactions that end or reverse
 *  others, and reserved money. */
export function versionToSay({
  lines,
  claims,
  origin,
}: Pick<Posting, "lines" | "claims" | "origin">): number {
  const isNew =
    origin !== undefined ||
    claims.some(({ key }) => originId(key) !== undefined) ||
    lines.some(({ bucket }) => bucket === "reserved");
  return Math.max(isNew ? 2 : 1, protocolVersions.before);
}

export interface Call {
  readonly protocol: number;
  /** The X-Request-Id of the request that this work is done for. Only ever logged. */
  readonly requestId: string;
  readonly tenant: string;
}

/** From the edge, to record something once. */
export interface WriteCall extends Call {
  /** Drawn by the edge for each HTTP request, and the same in all of its repeats: a record with
   *  another one, or without, was created by an earlier request. Releases before it send none. */
  readonly nonce?: string;
}

/** Whether a call finds a record of an earlier request: of its own, it was only repeated. */
export function isReplay(sent: string | undefined, recorded: string | undefined): boolean {
  return recorded === undefined || sent !== recorded;
}

export type NotFound = { readonly ok: false; readonly problem: "not_found" };

export interface ProbeResult {
  readonly readMs: number;
  readonly writeMs: number;
}

/** Each class answers this on its canary object only: writes, reads back, reports timings in ms. */
export interface Probe {
  probe(): Promise<ProbeResult>;
}
