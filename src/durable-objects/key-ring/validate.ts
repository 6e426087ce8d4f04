// Validates the calls of contract.ts before anything is read or written. The rules are those of
// rpc/validate.ts.
import { isApiKeyId } from "../../domain/ids.ts";
import { amountMax, keyShardCount, listLimitMax } from "../../domain/limits.ts";
import { scopes } from "../../domain/principal.ts";
import { call, validatorFor } from "../rpc/validate.ts";
import {
  has,
  isInteger,
  isList,
  isName,
  isOneOf,
  isOptional,
  isText,
  type Check,
} from "../../domain/shape.ts";
import type {
  CreateKeyCall,
  KeyAuditCall,
  ListKeysCall,
  LookUpCall,
  RevokeKeyCall,
} from "./contract.ts";

const isKeyId: Check = (value) => typeof value === "string" && isApiKeyId(value);
const isHash: Check = (value) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

export const validateCreateKey = validatorFor<CreateKeyCall>({
  ...call,
  keyId: isKeyId,
  fingerprint: isName,
  request: has<CreateKeyCall["request"]>({
    name: isName,
    scopes: isList(isOneOf(...scopes)),
    expiresAt: isOptional(isInteger(0, Number.MAX_SAFE_INTEGER)),
  }),
  secretHash: isHash,
  principal: isName,
});
export const validateLookUp = validatorFor<LookUpCall>({
  protocol: call.protocol,
  requestId: isText,
  keyId: isKeyId,
});
export const validateListKeys = validatorFor<ListKeysCall>({
  ...call,
  // One more than a page shows.
  limit: isInteger(1, listLimitMax + 1),
  after: isOptional(
    has<NonNullable<ListKeysCall["after"]>>({ createdAt: isInteger(0, amountMax), id: isKeyId }),
  ),
});
export const validateAuditKeys = validatorFor<KeyAuditCall>({
  ...call,
  shard: isInteger(0, keyShardCount - 1),
});
export const validateRevokeKey = validatorFor<RevokeKeyCall>({
  ...call,
  keyId: isKeyId,
  principal: isName,
});
