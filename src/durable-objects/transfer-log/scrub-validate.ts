// Validates the calls of scrub-contract.ts and books-contract.ts before anything is read or
// written. The rules are those of rpc/validate.ts.
import { isScrubId } from "../../domain/ids.ts";
import type { BooksCall } from "../external-account/books-contract.ts";
import type { Call } from "../rpc/contract.ts";
import { call, doorFor, versionedDoorFor, writeCall } from "../rpc/validate.ts";
import { isName, type Check } from "../../domain/shape.ts";
import type { LegsCall, StartScrubCall } from "./scrub-contract.ts";

const isCommandId: Check = (value) => typeof value === "string" && isScrubId(value);

/** Any text: a log whose file was edited asks about ids that no code has made. */
const isIds: Check = (value) => Array.isArray(value) && value.every((id) => typeof id === "string");

export const legsDoor = versionedDoorFor<LegsCall>({
  ...call,
  account: isName,
  transactionIds: isIds,
});
export const booksDoor = doorFor<BooksCall>({ ...call, account: isName });
export const startScrubDoor = doorFor<StartScrubCall>({
  ...writeCall,
  scrubId: isCommandId,
  principal: isName,
});
export const scrubStatusDoor = doorFor<Call>(call);
