// Guarantee: the bounds that documents and clients rely on are these numbers. A bound that is
// computed is spelled out here, so that a slip in its factors cannot pass for a decision.
import { expect, it } from "vitest";
import {
  amountMax,
  bodyBytesMax,
  bodyDrainBytesMax,
  openLegsMax,
  preparingMaxMs,
  rejectedDetailsMaxMs,
  shardCount,
} from "../../src/domain/limits.ts";

it.each([
  ["the largest amount, 2^53 - 1", amountMax, 9_007_199_254_740_991],
  ["the shards of the data", shardCount, 256],
  ["the undecided legs of an account", openLegsMax, 256],
  ["the time to decide in, 30 s", preparingMaxMs, 30_000],
  ["how long a rejected transaction keeps its details, 30 days", rejectedDetailsMaxMs, 2_592e6],
  ["the longest body, 80 KiB", bodyBytesMax, 81_920],
  ["the longest body that is read to its end, 4 MiB", bodyDrainBytesMax, 4_194_304],
])("%s", (_, bound, number) => {
  expect(bound).toBe(number);
});
