// Base64url without padding (RFC 4648, section 5), of ASCII text.

export function toBase64Url(text: string): string {
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Undefined for invalid base64. Lenient: a caller that needs one spelling compares it itself. */
export function fromBase64Url(text: string): string | undefined {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return undefined;
  }
}
