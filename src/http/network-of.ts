// Rate-limit key: the IPv4 address, or the IPv6 /64, which is the least that one customer gets.

/** `2001:db8:1:2` for `2001:db8:1:2::3`; an IPv4 address is its own network. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = [], tail = []] = address.split("::").map((half) => half.split(":").filter(Boolean));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeros, ...tail].slice(0, 4).join(":");
}
