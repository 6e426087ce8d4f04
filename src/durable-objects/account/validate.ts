// Validates the calls of the two phases. What a YES vote promises to post is checked here, while it
// can still be refused. See rpc/validate.ts.
import { isOperationType } from "../../domain/operations/all.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import { has, isMoney, isName, isOptional, isPairs, isText } from "../../domain/shape.ts";
import { call, isDirection, isId, versionedValidatorFor } from "../rpc/validate.ts";
import type { LegCall } from "./contract.ts";

const isPosting = has<Posting>({
  transactionId: isId,
  fingerprint: isName,
  type: isOperationType,
  direction: isDirection,
  amount: isMoney,
  currency: isName,
  counterparty: isName,
  provider: isOptional(isName),
  paymentReference: isOptional(isName),
  description: isOptional(isText),
  metadata: isOptional(isPairs),
});

export const validateLegCall = versionedValidatorFor<LegCall>({
  ...call,
  account: isName,
  posting: isPosting,
});
