// Whom a rate limit counts: an address of IPv4, and of IPv6 the /64 that one customer has at least,
// with more addresses than anybody could count.

/** `2001:db8:1:2` for `2001:db8:1:2::3`; an IPv4 address is its own network. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = [], tail = []] = address.split("::").map((half) => half.split(":").filter(Boolean));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeros, ...tail].slice(0, 4).join(":");
}
