// Validates the calls of the two phases. What a YES vote promises to post is checked here, while it
// can still be refused. See rpc/validate.ts.
import { refusalCodes } from "../../domain/errors.ts";
import { buckets, type ShownLine } from "../../domain/ledger/line.ts";
import { isOperationType } from "../../domain/operations/all.ts";
import type { Claim, Origin } from "../../domain/operations/operation.ts";
import type { Posting } from "../../domain/protocol/transaction.ts";
import {
  has,
  isList,
  isMoney,
  isName,
  isOneOf,
  isOptional,
  isPairs,
  isText,
  isTime,
} from "../../domain/shape.ts";
import { call, isDirection, isId, validatorFor, versionedValidatorFor } from "../rpc/validate.ts";
import type { ClaimsCall, LegCall, PostCall } from "./contract.ts";

const isRefusalCode = isOneOf(...refusalCodes);

const isLine = has<ShownLine>({
  bucket: isOneOf(...buckets),
  direction: isDirection,
  amount: isMoney,
  currency: isName,
  counterparty: isName,
});

const isClaim = has<Claim>({ key: isName, amount: isMoney, refusal: isRefusalCode });
const isOrigin = has<Origin>({ transactionId: isId, refusal: isRefusalCode });

const isPosting = has<Posting>({
  transactionId: isId,
  fingerprint: isName,
  lines: isList(isLine, { min: 1 }),
  claims: isList(isClaim),
  origin: isOptional(isOrigin),
  type: isOperationType,
  provider: isOptional(isName),
  paymentReference: isOptional(isName),
  payoutReference: isOptional(isName),
  description: isOptional(isText),
  metadata: isOptional(isPairs),
});

export const legCallFields = { ...call, account: isName, posting: isPosting };
export const postCallFields = { ...legCallFields, decidedAt: isTime };

export const validateLegCall = versionedValidatorFor<LegCall>(legCallFields);

export const validatePost = versionedValidatorFor<PostCall>(postCallFields);

export const validateClaims = validatorFor<ClaimsCall>({
  ...call,
  account: isName,
  key: isName,
});
