// Races for what can be had once: several ends of one authorization, and reversals of one transaction
// that are too much together, all sent at once. Sends nothing itself.
import type { SentRequest } from "../../src/domain/operations/all.ts";
import { isWallet, operationOf } from "../operations/all.ts";
import type { Body, Earlier } from "../operations/operation.ts";
import { writeOf, type Write } from "./recording-client.ts";

/** All that is asked of one transaction at once, in the bodies of clients. */
function asks(
  earlier: Earlier,
  requests: readonly (readonly [type: SentRequest["type"], body: Body])[],
): readonly SentRequest[] {
  return requests.flatMap(([type, body]) => operationOf({ type }).read(body, earlier) ?? []);
}

function endsOf(earlier: Earlier): readonly SentRequest[] {
  const { amount = 1, to = "" } = earlier.reserved ?? {};
  const isNamed = isWallet(to) || "payoutReference" in earlier.request;
  const payout = isNamed ? {} : { payoutReference: `of-${earlier.transactionId}` };
  return asks(earlier, [
    ["capture", payout],
    ["capture", { ...payout, amount: Math.ceil(amount / 2) }],
    ["cancellation", { reason: "raced" }],
  ]);
}

/** Two of them fit, or only one. */
function reversalsOf(earlier: Earlier): readonly SentRequest[] {
  const [only, ...others] = earlier.moved;
  const part = only && others.length === 0 ? { amount: Math.ceil(only.amount / 2) } : {};
  return asks(earlier, [
    ["reversal", part],
    ["reversal", { ...part, reason: "raced" }],
    ["reversal", {}],
  ]);
}

export function drawRaces(
  name: string,
  authorizations: readonly Earlier[],
  reversed: readonly Earlier[],
): Write[] {
  const sent = [...authorizations.flatMap(endsOf), ...reversed.flatMap(reversalsOf)];
  return sent.map((request, index) => writeOf(`${name}-${index}`, request));
}
