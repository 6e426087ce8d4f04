// Validates the calls of a log shard before anything is read or written. See rpc/validate.ts.
import { auditBatchMax, batchItemsMax } from "../../domain/limits.ts";
import { logShardOf } from "../../domain/ids.ts";
import { isStoredRequest } from "../../domain/operations/all.ts";
import type { Batch } from "../../domain/protocol/batch.ts";
import type { Submission } from "../../domain/protocol/transaction.ts";
import { has, isList, isName, isText } from "../../domain/shape.ts";
import type { LegRecordsCall } from "../account/audit-contract.ts";
import { call, validatorFor, isId, versionedValidatorFor, writeCall } from "../rpc/validate.ts";
import type {
  AskCall,
  FindCall,
  Question,
  SubmitBatchCall,
  SubmitCall,
  UnsettledCall,
} from "./contract.ts";

const isSubmission = has<Submission>({
  id: isId,
  tenant: isName,
  fingerprint: isName,
  request: isStoredRequest,
});

const isQuestion = has<Question>({ transactionId: isName, fingerprint: isText });

export const validateSubmit = versionedValidatorFor<SubmitCall>(
  { ...writeCall, principal: isName, submission: isSubmission },
  (sent) => sent.tenant === sent.submission.tenant,
);

const isBatch = has<Batch>({
  id: isId,
  tenant: isName,
  fingerprint: isName,
  items: isList(isSubmission, { min: 1, max: batchItemsMax }),
});

export const validateSubmitBatch = versionedValidatorFor<SubmitBatchCall>(
  { ...writeCall, principal: isName, batch: isBatch },
  ({ tenant, batch: { id, tenant: ofBatch, items } }) =>
    tenant === ofBatch &&
    items.every((item) => item.tenant === tenant && logShardOf(item.id) === logShardOf(id)),
);

export const validateAsk = versionedValidatorFor<AskCall>({
  ...call,
  account: isName,
  questions: isList(isQuestion),
});

export const validateFind = validatorFor<FindCall>({ ...call, transactionId: isName });

export const validateUnsettled = validatorFor<UnsettledCall>({
  ...call,
  createdUntil: Number.isInteger,
});

export const validateLegRecords = validatorFor<LegRecordsCall>({
  ...call,
  account: isName,
  transactionIds: isList(isId, { max: auditBatchMax }),
});
