// Validates remote calls before anything is read or written. Callers are our own typed code; a
// malformed call is a bug and throws. What a YES vote promises to post is checked here, while it
// can still be refused. Unknown fields pass: a newer caller may send more.
import { isTransactionId } from "../../domain/ids.ts";
import { amountMax, auditBatchMax, historyLimitMax, listLimitMax } from "../../domain/limits.ts";
import { isOperationType, isStoredRequest } from "../../domain/operations/all.ts";
import type { Posting, Submission } from "../../domain/protocol/transaction.ts";
import {
  has,
  isInteger,
  isMoney,
  isName,
  isObject,
  isOneOf,
  isOptional,
  isPairs,
  isText,
  type Check,
  type Fields,
} from "../../domain/shape.ts";
import type { ExternalAuditCall, LegRecordsCall } from "../account/audit-contract.ts";
import {
  protocolVersion,
  type AskCall,
  type Call,
  type FindCall,
  type FreezeCall,
  type FreezesCall,
  type HistoryCall,
  type LegCall,
  type OpenWalletCall,
  type Question,
  type SubmitCall,
  type UnsettledCall,
  type WalletCall,
} from "./contract.ts";

const isBoolean: Check = (value) => typeof value === "boolean";
const isId: Check = (value) => typeof value === "string" && isTransactionId(value);
const isDirection = isOneOf("debit", "credit");
export const call = { protocol: isInteger(0, amountMax), requestId: isText, tenant: isName };
export const writeCall = { ...call, nonce: isOptional(isName) };
const walletCall = { ...call, walletId: isName };

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

const isSubmission = has<Submission>({
  id: isId,
  tenant: isName,
  fingerprint: isName,
  request: isStoredRequest,
});

const isQuestion = has<Question>({ transactionId: isName, fingerprint: isText });

const isFilter = has<HistoryCall["filter"]>({
  currency: isOptional(isName),
  direction: isOptional(isDirection),
  type: isOptional(isOperationType),
  from: isOptional(Number.isInteger),
  to: isOptional(Number.isInteger),
});

/** Lets a call in as it is, or throws. */
type Door<T> = (call: T) => T;

/** `agrees`: what the fields of a call have to do with each other. */
export function doorFor<T>(fields: Fields<T>, agrees = (_sent: T) => true): Door<T> {
  const isWellFormed = has(fields);
  return (sent) => {
    if (!isWellFormed(sent) || !agrees(sent)) throw new Error("a malformed call");
    return sent;
  };
}

/** For calls that may come from a newer release: of another version they may look different, and
 *  are let in to be answered BUSY. */
export function versionedDoorFor<T extends Call>(
  fields: Fields<T>,
  agrees?: (sent: T) => boolean,
): Door<T> {
  const door = doorFor(fields, agrees);
  const isOtherVersion: Check = (sent) =>
    isObject(sent) && call.protocol(sent["protocol"]) && sent["protocol"] !== protocolVersion;
  return (sent) => (isOtherVersion(sent) ? sent : door(sent));
}

export const legDoor = versionedDoorFor<LegCall>({ ...call, account: isName, posting: isPosting });
export const submitDoor = versionedDoorFor<SubmitCall>(
  { ...writeCall, principal: isName, submission: isSubmission },
  (sent) => sent.tenant === sent.submission.tenant,
);
export const askDoor = versionedDoorFor<AskCall>({
  ...call,
  account: isName,
  questions: (value) => Array.isArray(value) && value.every(isQuestion),
});

export const walletDoor = doorFor<WalletCall>(walletCall);
export const openDoor = doorFor<OpenWalletCall>({
  ...walletCall,
  ...writeCall,
  fingerprint: isName,
  profile: has<OpenWalletCall["profile"]>({
    name: isName,
    email: isOptional(isText),
    metadata: isOptional(isPairs),
  }),
});
export const freezeDoor = doorFor<FreezeCall>({
  ...walletCall,
  ...writeCall,
  freezeId: isName,
  fingerprint: isName,
  principal: isName,
  frozen: isBoolean,
  reason: isName,
});
export const freezesDoor = doorFor<FreezesCall>({
  ...walletCall,
  limit: isInteger(1, listLimitMax),
  before: isOptional(isName),
});
export const historyDoor = doorFor<HistoryCall>({
  ...walletCall,
  filter: isFilter,
  limit: isInteger(1, historyLimitMax),
  before: isOptional(Number.isInteger),
});
export const findDoor = doorFor<FindCall>({ ...call, transactionId: isName });
export const unsettledDoor = doorFor<UnsettledCall>({ ...call, createdUntil: Number.isInteger });
export const legRecordsDoor = doorFor<LegRecordsCall>({
  ...call,
  account: isName,
  transactionIds: (value) =>
    Array.isArray(value) && value.length <= auditBatchMax && value.every(isId),
});
export const externalAuditDoor = doorFor<ExternalAuditCall>({ ...call, account: isName });
