// Base64 with the alphabet for addresses, without padding (RFC 4648, section 5), of text in ASCII.

export function toBase64Url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Undefined for what is no base64. Forgives much: whoever compares with the original does not. */
export function fromBase64Url(text: string): string | undefined {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return undefined;
  }
}
