// Calls that no typed caller makes: junk in place of a whole call, and a good call of which one
// field, at any depth, is left out or replaced by something of another kind.
import { unknownVersion } from "./caller.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface JunkCall {
  readonly name: string;
  readonly call: unknown;
}

function nested(levels: number): unknown {
  let value: unknown = "bottom";
  for (let level = 0; level < levels; level++) value = { value };
  return value;
}

const junkValues: readonly (readonly [name: string, value: unknown])[] = [
  ["undefined", undefined],
  ["null", null],
  ["true", true],
  ["42", 42],
  ["NaN", Number.NaN],
  ["a bigint", 1n],
  ["a text", "x"],
  ["an empty text", ""],
  ["an empty object", {}],
  ["an empty list", []],
  ["a list", [1, "x", {}]],
  ["bytes", new Uint8Array(8)],
  ["a map", new Map([["protocol", 1]])],
  ["500 levels", nested(500)],
];

/** In place of a call. */
export const junkCalls: readonly JunkCall[] = [
  ...junkValues.map(([name, call]) => ({ name, call })),
  { name: "a version alone", call: { protocol: 1 } },
  { name: "another version alone", call: { protocol: unknownVersion } },
  { name: "an envelope of other kinds", call: { protocol: "1", requestId: 1, tenant: {} } },
];

/** Fields that a good call may lack. */
const optional = new Set(
  "description metadata email before currency direction from to after expiresAt".split(" "),
);
const enumerations = new Set(["bucket", "direction", "type", "refusal"]);
const badNumbers: JunkCall[] = [0.5, -0.5, 2 ** 53, Infinity].map((call) => ({
  name: String(call),
  call,
}));

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}

function replacementsOf(name: string, value: unknown): JunkCall[] {
  const others = junkValues.filter(([, other]) =>
    other === undefined ? !optional.has(name) : kindOf(other) !== kindOf(value),
  );
  const texts = enumerations.has(name) ? [{ name: "another text", call: "x" }] : [];
  const numbers = kindOf(value) === "number" ? badNumbers : [];
  return [...others.map(([text, call]) => ({ name: text, call })), ...texts, ...numbers];
}

/** Good calls that are broken in one place; of a list, in its first element. */
export function brokenCalls(good: Fields, path = ""): JunkCall[] {
  return Object.entries(good).flatMap(([name, value]) => {
    const put = (other: unknown) => ({ ...good, [name]: other });
    const replaced = replacementsOf(name, value).map((junk) => ({
      name: `${path}${name}: ${junk.name}`,
      call: put(junk.call),
    }));
    const [first, ...others] = Array.isArray(value) ? (value as unknown[]) : [value];
    if (kindOf(first) !== "object") return replaced;
    const inner = brokenCalls(first as Fields, `${path}${name}.`).map((junk) => ({
      name: junk.name,
      call: put(Array.isArray(value) ? [junk.call, ...others] : junk.call),
    }));
    return [...replaced, ...inner];
  });
}
