// Guarantee: all IPv6 addresses of one network are counted as one caller, and two networks as two.
import { expect, test } from "vitest";
import { networkOf } from "../../src/http/network-of.ts";

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:db8:1:2::3", "2001:db8:1:2"],
  ["2001:db8::3", "2001:db8:0:0"],
  ["2001:db8::1:2:3:4:5", "2001:db8:0:1"],
  ["::1", "0:0:0:0"],
  ["::", "0:0:0:0"],
  ["1:2:3:4:5:6:7::", "1:2:3:4"],
])("%s is of %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
