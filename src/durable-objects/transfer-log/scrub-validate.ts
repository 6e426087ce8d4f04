// Validates the calls of scrub-contract.ts before anything is read or written. See rpc/validate.ts.
import { isScrubId } from "../../domain/ids.ts";
import type { Call } from "../rpc/contract.ts";
import { call, validatorFor, versionedValidatorFor, writeCall } from "../rpc/validate.ts";
import { isList, isName, isText, type Check } from "../../domain/shape.ts";
import type { LegsCall, StartScrubCall } from "./scrub-contract.ts";

const isCommandId: Check = (value) => typeof value === "string" && isScrubId(value);

export const validateLegs = versionedValidatorFor<LegsCall>({
  ...call,
  account: isName,
  // Any text: a log whose file was edited asks about ids that no code has made.
  transactionIds: isList(isText),
});
export const validateStartScrub = validatorFor<StartScrubCall>({
  ...writeCall,
  scrubId: isCommandId,
  principal: isName,
});
export const validateScrubStatus = validatorFor<Call>(call);
