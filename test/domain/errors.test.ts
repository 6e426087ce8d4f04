// Guarantee: where several refusals apply, every client at any time is told the same one. The order
// of the codes is the specification, and recorded codes are never renamed.
import { describe, expect, it } from "vitest";
import { firstRefusal, problemCodes, refusalCodes } from "../../src/domain/errors.ts";

describe("the codes", () => {
  it("stand in the order of design.md section 7", () => {
    const order =
      "not_found method_not_allowed auth_not_configured rate_limited unauthenticated " +
      "forbidden overloaded unsupported_media_type payload_too_large malformed_json " +
      "validation_failed idempotency_key_missing idempotency_key_invalid same_wallet " +
      "transaction_not_found not_an_authorization not_reversible amount_exceeds_authorization " +
      "not_a_payout payout_reference_missing payout_reference_differs " +
      "idempotency_key_reused wallet_not_found wallet_frozen authorization_rejected " +
      "original_rejected authorization_captured authorization_cancelled authorization_expired " +
      "reversal_exceeds_original too_many_reversals duplicate_payment_reference " +
      "duplicate_payout_reference insufficient_funds balance_limit_exceeded " +
      "transaction_expired internal";
    expect(problemCodes).toEqual(order.split(" "));
  });
});

describe("the refusal to report", () => {
  it("is none where no account refused", () => {
    expect(firstRefusal([])).toBeUndefined();
  });

  it("is the first in precedence, whatever the order of arrival", () => {
    const all = refusalCodes.map((code) => ({ code }));
    expect(firstRefusal(all.toReversed())).toEqual({ code: "wallet_not_found" });
  });

  it("is the earlier leg's among equals, whole", () => {
    const sender = { code: "wallet_not_found", account: "sender" } as const;
    const receiver = { code: "wallet_not_found", account: "receiver" } as const;
    expect(firstRefusal([sender, receiver])).toBe(sender);
  });
});
