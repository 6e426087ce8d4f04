// Strict JSON parsing: refuses every text that two parsers could read differently. Never rounds,
// repairs or drops anything. Why two parsers: docs/decisions/0007-strict-json.md.
import { visit, type JSONPath } from "jsonc-parser";
import { jsonDepthMax } from "../domain/limits.ts";
import type { FieldError } from "./problem.ts";

/** `malformed`: not strict JSON, and why. `fieldErrors`: well-formed, with numbers or names that
 *  no field may have; `value` may then show them changed and only serves to find more errors. */
export type StrictJson =
  | { readonly ok: true; readonly value: unknown; readonly fieldErrors: readonly FieldError[] }
  | { readonly ok: false; readonly malformed: FieldError };

/** A byte order mark is kept, so that it can be refused. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const plainInteger = /^(0|-?[1-9][0-9]*)$/;

export function readStrictJson(bytes: Uint8Array): StrictJson {
  const text = decode(bytes);
  if (text === undefined) return malformed([], "The body is not UTF-8.");
  if (text.startsWith("\ufeff")) return malformed([], "The body starts with a byte order mark.");
  const parsed = parse(text);
  if (!parsed) return malformed([], "The body is not JSON.");
  // Before the visit, which recurses: the native parser does not.
  if (isDeeperThan(parsed.value, jsonDepthMax)) {
    return malformed([], `The body is nested deeper than ${jsonDepthMax} levels.`);
  }
  const { value } = parsed;
  return hidesNothing(text, value) ? { ok: true, value, fieldErrors: [] } : inspect(text, value);
}

/** True if the text equals, byte for byte, the platform's own JSON of an unsuspicious value: then
 *  it has no duplicate name and no unusual number. Most clients send such bodies; all others are
 *  inspected. */
function hidesNothing(text: string, value: unknown): boolean {
  return isPlain(value) && JSON.stringify(value) === text;
}

function isPlain(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value === "number") return Number.isSafeInteger(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(
    ([name, inner]) => name !== "__proto__" && name.isWellFormed() && isPlain(inner),
  );
}

export function formatPath(path: readonly PropertyKey[]): string {
  return path.map(String).join(".");
}

function malformed(path: JSONPath, message: string): StrictJson {
  return { ok: false, malformed: { path: formatPath(path), message } };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

/** Inspects what the native parser hides: duplicate names and the spelling of numbers. */
function inspect(text: string, value: unknown): StrictJson {
  const fieldErrors: FieldError[] = [];
  const names: Set<string>[] = [];
  let refusal: StrictJson | undefined;

  visit(text, {
    onObjectBegin: () => void names.push(new Set()),
    onObjectEnd: () => void names.pop(),
    onObjectProperty(name, _offset, _length, _line, _character, parent) {
      const seen = names.at(-1);
      const path = [...parent(), name];
      if (!name.isWellFormed()) refusal ??= malformed(parent(), "A name has a lone surrogate.");
      else if (seen?.has(name)) refusal ??= malformed(path, "The field is given twice.");
      else if (name === "__proto__") fieldErrors.push(fieldError(path, "Not a possible name."));
      seen?.add(name);
    },
    onLiteralValue(literal, offset, length, _line, _character, pathOf) {
      if (typeof literal === "string" && !literal.isWellFormed()) {
        refusal ??= malformed(pathOf(), "The text has a lone surrogate.");
      } else if (typeof literal === "number") {
        const message = checkNumber(text.slice(offset, offset + length));
        if (message) fieldErrors.push(fieldError(pathOf(), message));
      }
    },
  });
  return refusal ?? { ok: true, value, fieldErrors };
}

function fieldError(path: JSONPath, message: string): FieldError {
  return { path: formatPath(path), message };
}

function checkNumber(spelling: string): string | undefined {
  if (!plainInteger.test(spelling)) {
    return "Numbers are plain integers: no fraction, no exponent, no -0.";
  }
  return Number.isSafeInteger(Number(spelling))
    ? undefined
    : "The integer is beyond 9007199254740991.";
}
