// Cursors of lists other than the history: opaque to clients, valid for one list only. As in
// cursor.ts they hold no secret and grant nothing: the digest catches mistakes.
import { digestTuple } from "../domain/digest.ts";
import { fromBase64Url, toBase64Url } from "./base64-url.ts";

/** The list: its name, the tenant, and further parts of its identity. */
export type ListScope = readonly [
  list: "authorizations" | "freezes" | "keys",
  tenant: string,
  ...string[],
];

const version = "l1";
const pattern = /^l1:([\w.]+):[0-9a-f]{32}$/;

/** `position`: letters, digits, underscores and dots. */
export function encodeListCursor(scope: ListScope, position: string): string {
  const digest = digestTuple([version, position, ...scope]);
  return toBase64Url(`${version}:${position}:${digest.slice(0, 32)}`);
}

/** The position in a cursor that was made for this list; undefined for anything else. */
export function decodeListCursor(scope: ListScope, cursor: string): string | undefined {
  const position = pattern.exec(fromBase64Url(cursor) ?? "")?.[1];
  if (position === undefined) return undefined;
  return encodeListCursor(scope, position) === cursor ? position : undefined;
}
