// Validates the calls of a wallet before anything is read or written. See rpc/validate.ts.
import { authorizationsLimitMax, historyLimitMax, listLimitMax } from "../../domain/limits.ts";
import { isOperationType } from "../../domain/operations/all.ts";
import {
  type Check,
  has,
  isInteger,
  isName,
  isOptional,
  isPairs,
  isText,
} from "../../domain/shape.ts";
import { call, validatorFor, isDirection, writeCall } from "../rpc/validate.ts";
import type {
  AuthorizationsCall,
  EntriesCall,
  FreezeCall,
  FreezesCall,
  HistoryCall,
  OpenWalletCall,
  WalletCall,
} from "./contract.ts";

const isBoolean: Check = (value) => typeof value === "boolean";

const walletCall = { ...call, walletId: isName };

const isFilter = has<HistoryCall["filter"]>({
  currency: isOptional(isName),
  direction: isOptional(isDirection),
  type: isOptional(isOperationType),
  from: isOptional(Number.isInteger),
  to: isOptional(Number.isInteger),
});

export const validateWalletCall = validatorFor<WalletCall>(walletCall);

export const validateOpen = validatorFor<OpenWalletCall>({
  ...walletCall,
  ...writeCall,
  fingerprint: isName,
  profile: has<OpenWalletCall["profile"]>({
    name: isName,
    email: isOptional(isText),
    metadata: isOptional(isPairs),
  }),
});

export const validateFreeze = validatorFor<FreezeCall>({
  ...walletCall,
  ...writeCall,
  freezeId: isName,
  fingerprint: isName,
  principal: isName,
  frozen: isBoolean,
  reason: isName,
});

export const validateFreezes = validatorFor<FreezesCall>({
  ...walletCall,
  limit: isInteger(1, listLimitMax),
  before: isOptional(isName),
});

export const validateHistory = validatorFor<HistoryCall>({
  ...walletCall,
  filter: isFilter,
  limit: isInteger(1, historyLimitMax),
  before: isOptional(Number.isInteger),
});

const isTypeOrNull: Check = (value) => value === null || isOperationType(value);

export const validateEntries = validatorFor<EntriesCall>({
  ...walletCall,
  transactionId: isName,
});

export const validateAuthorizations = validatorFor<AuthorizationsCall>({
  ...walletCall,
  endedBy: isOptional(isTypeOrNull),
  limit: isInteger(1, authorizationsLimitMax),
  before: isOptional(Number.isInteger),
});
