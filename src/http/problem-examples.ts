// Examples of problems for the OpenAPI document: each as the service would answer it.
import { refusalCodes, type ProblemCode, type RefusalCode } from "../domain/errors.ts";
import { isOutside } from "../domain/ledger/line.ts";
import type { TransactionRecord } from "../domain/protocol/transaction.ts";
import { problemBody, unknownBody, type FieldError, type Unknown } from "./problem.ts";
import { renderRefusal } from "./render.ts";
import * as examples from "./schemas/examples.ts";

export function isRefusal(code: ProblemCode): code is RefusalCode {
  return (refusalCodes as readonly ProblemCode[]).includes(code);
}

const field = {
  malformed_json: { path: "amount", message: "The field is given twice." },
  validation_failed: { path: "amont", message: "There is no such field." },
  unsupported_media_type: {
    path: "Content-Type",
    message: "text/plain was sent; expected is application/json.",
  },
} as const;

const parameter = { path: "dryRun", message: "There is no such parameter." };

function fieldErrorsOf(code: ProblemCode, takesBody: boolean): readonly FieldError[] {
  if (code === "validation_failed" && !takesBody) return [parameter];
  return code in field ? [field[code as keyof typeof field]] : [];
}

export interface ProblemOptions {
  /** Where the route's refusals are recorded: a transaction to which they could happen. */
  readonly record?: TransactionRecord;
  /** What the path names, if `not_found` is about that. */
  readonly unknown?: Unknown;
}

/** By code: the transaction that stands in the way. */
const obstacles: Readonly<Partial<Record<ProblemCode, string>>> = {
  original_rejected: examples.transferId,
  reversal_exceeds_original: examples.earlierReversalId,
  too_many_reversals: examples.earlierReversalId,
  authorization_rejected: examples.authorizationId,
  authorization_captured: examples.captureId,
  authorization_cancelled: examples.cancellationId,
  authorization_expired: examples.expiryId,
};

/** By code: the transaction that came first, and the one that is refused because of it. */
const duplicates: Readonly<Partial<Record<ProblemCode, readonly [first: string, id: string]>>> = {
  duplicate_payment_reference: [examples.fundingId, examples.secondFundingId],
  duplicate_payout_reference: [examples.withdrawalId, examples.secondWithdrawalId],
};

/** A debit is refused by the wallet that pays, all else by the one that is paid, if one is. */
function refused(record: TransactionRecord, code: RefusalCode): TransactionRecord {
  if (code === "transaction_expired") return { ...record, refusal: { code } };
  const obstacle = obstacles[code];
  if (obstacle !== undefined) return { ...record, refusal: { code, transactionId: obstacle } };
  const [transactionId, id] = duplicates[code] ?? [];
  if (transactionId !== undefined && id !== undefined) {
    return { ...record, id, refusal: { code, transactionId } };
  }
  const payer = code === "wallet_frozen" || code === "insufficient_funds";
  const lines = record.lines.filter(({ account }) => !isOutside(account));
  const line = lines.find(({ direction }) => direction === (payer ? "debit" : "credit"));
  const { account } = line ?? lines[0] ?? {};
  return { ...record, refusal: { code, ...(account !== undefined && { account }) } };
}

export function exampleOf(
  code: ProblemCode,
  path: string,
  { record, unknown, takesBody }: ProblemOptions & { readonly takesBody: boolean },
) {
  if (record && isRefusal(code)) return renderRefusal(refused(record, code));
  if (code === "not_found" && unknown) {
    return unknownBody(unknown, { path, requestId: examples.requestId });
  }
  const errors = fieldErrorsOf(code, takesBody);
  return problemBody(code, { path, requestId: examples.requestId }, errors);
}
