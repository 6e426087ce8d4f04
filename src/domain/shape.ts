// Checks of the shape of a value that arrives from elsewhere, such as a remote call. Pure; knows
// nothing of what the value means. Unknown fields pass: a newer release may send more.
import { isAmount } from "./ledger/money.ts";

export type Check = (value: unknown) => boolean;

/** A check for every field that a type names, so that none can be forgotten. */
export type Fields<T> = { readonly [Name in keyof Required<T>]: Check };

export const isText: Check = (value) => typeof value === "string";
export const isName: Check = (value) => typeof value === "string" && value !== "";
export const isMoney: Check = (value) => typeof value === "number" && isAmount(value);

export function isOneOf(...values: readonly string[]): Check {
  return (value) => typeof value === "string" && values.includes(value);
}

export function isInteger(min: number, max: number): Check {
  return (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max;
}

/** Milliseconds since the epoch. */
export const isTime: Check = Number.isSafeInteger;

export function isList(
  check: Check,
  { min = 0, max = Infinity }: { readonly min?: number; readonly max?: number } = {},
): Check {
  return (value) =>
    Array.isArray(value) && value.length >= min && value.length <= max && value.every(check);
}

export function isOptional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const isPairs: Check = (value) => isObject(value) && Object.values(value).every(isText);

export function has<T>(fields: Fields<T>): Check {
  const checks = Object.entries<Check>(fields);
  return (value) => isObject(value) && checks.every(([name, check]) => check(value[name]));
}
