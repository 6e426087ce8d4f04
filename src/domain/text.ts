// What free text from outside is measured and judged by. Text is kept as it was sent: never
// trimmed, never normalised, so what looks the same may be two texts.

/** Pairs of a client's own. */
export type Metadata = Readonly<Record<string, string>>;

/** Characters as Unicode and JSON Schema count them, not UTF-16 units. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

/** Letters, marks, numbers, punctuation, symbols and, not at either end, the space: what banks and
 *  processors write, and nothing that is invisible or unassigned. */
const reference =
  /^[\p{L}\p{M}\p{N}\p{P}\p{S}](?:[\p{L}\p{M}\p{N}\p{P}\p{S} ]*[\p{L}\p{M}\p{N}\p{P}\p{S}])?$/u;

export function isReferenceText(text: string): boolean {
  return reference.test(text);
}

/** As mail systems have it: something, one @, something; no white space, nothing invisible. Whether
 *  mail arrives there, only sending it tells. */
const emailAddress = /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u;

export function isEmailAddress(text: string): boolean {
  return emailAddress.test(text);
}
