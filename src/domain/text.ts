// Length and character checks of free text from clients. Never trims or normalises: text is stored
// as it was sent, so two texts that look the same may differ.

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
