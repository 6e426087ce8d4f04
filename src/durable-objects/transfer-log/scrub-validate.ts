// Validates the calls of scrub-contract.ts and books-contract.ts before anything is read or
// written. The rules are those of rpc/validate.ts.
import { isScrubId } from "../../domain/ids.ts";
import type { BooksCall } from "../external-account/books-contract.ts";
import type { Call } from "../rpc/contract.ts";
import { call, validatorFor, versionedValidatorFor, writeCall } from "../rpc/validate.ts";
import { isName, type Check } from "../../domain/shape.ts";
import type { LegsCall, StartScrubCall } from "./scrub-contract.ts";

const isCommandId: Check = (value) => typeof value === "string" && isScrubId(value);

/** Any text: a log whose file was edited asks about ids that no code has made. */
const isIds: Check = (value) => Array.isArray(value) && value.every((id) => typeof id === "string");

export const validateLegs = versionedValidatorFor<LegsCall>({
  ...call,
  account: isName,
  transactionIds: isIds,
});
export const validateBooks = validatorFor<BooksCall>({ ...call, account: isName });
export const validateStartScrub = validatorFor<StartScrubCall>({
  ...writeCall,
  scrubId: isCommandId,
  principal: isName,
});
export const validateScrubStatus = validatorFor<Call>(call);
