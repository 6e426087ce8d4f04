// Content-Type and Content-Encoding of a body: only unencoded JSON in UTF-8 is accepted. Nothing is
// guessed from the bytes.
// https://www.rfc-editor.org/rfc/rfc9110.html#name-content-type, #name-content-encoding
import type { FieldError } from "./problem.ts";

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const quotedString = String.raw`"(?:[\t !#-\[\]-~]|\\[\t !-~])*"`;
const parameter = new RegExp(`[ \\t]*;[ \\t]*(?:(${token})=(${token}|${quotedString}))?`, "y");
const mediaType = /^[ \t]*application\/json/i;

/** Longest piece of a header that an answer repeats, in characters. */
const shownMax = 80;

/** UTF-8 as it is spelled: `utf-8`, `UTF8`, `utf_8`; csUTF8 is its alias at the IANA. */
function isUtf8(charset: string): boolean {
  return /^(?:cs)?utf[-_ ]?8$/i.test(charset);
}

function unquote(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, "$1") : value;
}

/** Undefined parameters are ignored, as RFC 8259 and RFC 9110 require. */
function isJsonInUtf8(contentType: string): boolean {
  const start = mediaType.exec(contentType);
  if (!start) return false;
  let position = start[0].length;
  while (position < contentType.trimEnd().length) {
    parameter.lastIndex = position;
    const match = parameter.exec(contentType);
    if (!match) return false;
    const [whole, name = "", value = ""] = match;
    if (name.toLowerCase() === "charset" && !isUtf8(unquote(value))) return false;
    position += whole.length;
  }
  return true;
}

function isIdentity(contentEncoding: string): boolean {
  return contentEncoding.split(",").every((coding) => /^\s*(?:identity)?\s*$/i.test(coding));
}

function shown(header: string): string {
  return header.length > shownMax ? `${header.slice(0, shownMax)}...` : header;
}

/** Why the body is refused unread: what was sent and what is expected. */
export function contentHeaderErrors(headers: {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
}): { readonly encoded: boolean; readonly errors: readonly FieldError[] } {
  const { contentType, contentEncoding = "" } = headers;
  const errors: FieldError[] = [];
  if (contentType === undefined || !isJsonInUtf8(contentType)) {
    const sent = contentType === undefined ? "None was sent" : `${shown(contentType)} was sent`;
    errors.push({ path: "Content-Type", message: `${sent}; expected is application/json.` });
  }
  const encoded = !isIdentity(contentEncoding);
  if (encoded) {
    const message = `${shown(contentEncoding)} was sent; expected is a body that is not encoded.`;
    errors.push({ path: "Content-Encoding", message });
  }
  return { encoded, errors };
}
