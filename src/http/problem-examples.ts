// Examples of problems for the OpenAPI document: each as the service would answer it.
import { refusalCodes, type ProblemCode, type RefusalCode } from "../domain/errors.ts";
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

/** A debit is refused by the wallet that pays, all else by the one that is paid. */
function refused(record: TransactionRecord, code: RefusalCode): TransactionRecord {
  if (code === "transaction_expired") return { ...record, refusal: { code } };
  if (code === "duplicate_payment_reference") {
    const refusal = { code, transactionId: examples.fundingId };
    return { ...record, id: examples.secondFundingId, refusal };
  }
  const payer = code === "wallet_frozen" || code === "insufficient_funds";
  const line = record.lines.find(({ direction }) => direction === (payer ? "debit" : "credit"));
  return { ...record, refusal: { code, ...(line && { account: line.account }) } };
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
