// Validates remote calls before anything is read or written: what the validate.ts of every actor is
// made of. Callers are our own typed code; a malformed call is a bug and throws. Unknown fields
// pass: a newer caller may send more.
import { isTransactionId } from "../../domain/ids.ts";
import { amountMax } from "../../domain/limits.ts";
import {
  type Check,
  type Fields,
  has,
  isInteger,
  isName,
  isObject,
  isOneOf,
  isOptional,
  isText,
} from "../../domain/shape.ts";
import { type Call, isUnderstood } from "./contract.ts";

export const isId: Check = (value) => typeof value === "string" && isTransactionId(value);

export const isDirection = isOneOf("debit", "credit");

export const call = { protocol: isInteger(0, amountMax), requestId: isText, tenant: isName };

export const writeCall = { ...call, nonce: isOptional(isName) };

/** Returns the call as it is, or throws. */
type Validator<T> = (call: T) => T;

/** `agrees`: what the fields of a call have to do with each other. */
export function validatorFor<T>(fields: Fields<T>, agrees = (_sent: T) => true): Validator<T> {
  const isWellFormed = has(fields);
  return (sent) => {
    if (!isWellFormed(sent) || !agrees(sent)) throw new Error("a malformed call");
    return sent;
  };
}

/** For calls that may come from a newer release: of another version they may look different, and
 *  pass: they are answered BUSY. */
export function versionedValidatorFor<T extends Call>(
  fields: Fields<T>,
  agrees?: (sent: T) => boolean,
): Validator<T> {
  const validate = validatorFor(fields, agrees);
  const isOtherVersion: Check = (sent) =>
    isObject(sent) && call.protocol(sent["protocol"]) && !isUnderstood(sent);
  return (sent) => (isOtherVersion(sent) ? sent : validate(sent));
}
