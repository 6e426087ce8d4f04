// Cursors of the history: opaque to clients, good for one wallet and one set of filters. They hold
// no secret and grant nothing: the digest catches mistakes, such as a cursor with another filter.
import type { HistoryFilter } from "../durable-objects/wallet/contract.ts";
import { digestTuple } from "../domain/digest.ts";
import { fromBase64Url, toBase64Url } from "./base64-url.ts";

/** The scope of a cursor. The page size is not part of it and may change between pages. */
export interface CursorScope {
  readonly tenant: string;
  readonly walletId: string;
  readonly filter: HistoryFilter;
}

const version = "c1";
const pattern = /^c1:([1-9][0-9]{0,15}):[0-9a-f]{32}$/;

/** The cursor of the page that continues with the entries before this sequence. */
export function encodeCursor(scope: CursorScope, before: number): string {
  const { tenant, walletId, filter } = scope;
  const digest = digestTuple([
    version,
    before,
    tenant,
    walletId,
    filter.currency ?? null,
    filter.direction ?? null,
    filter.type ?? null,
    filter.from ?? null,
    filter.to ?? null,
  ]);
  return toBase64Url(`${version}:${before}:${digest.slice(0, 32)}`);
}

/** The sequence in a cursor that was made for this scope; undefined for anything else. */
export function decodeCursor(scope: CursorScope, cursor: string): number | undefined {
  const match = pattern.exec(fromBase64Url(cursor) ?? "");
  if (!match) return undefined;
  const before = Number(match[1]);
  return encodeCursor(scope, before) === cursor ? before : undefined;
}
