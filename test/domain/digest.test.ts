// Guarantee: two different tuples never have the same encoding, so no field of a request, an id or
// an entry can be mistaken for a part of its neighbour.
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestTuple, encodeTuple, type Field } from "../../src/domain/digest.ts";

const digitsAndMarks = fc.string({
  unit: fc.constantFrom("0", "1", "2", "9", ":", "-", "a", "é", "✓", "𝄞", "\0"),
  maxLength: 12,
});
const field = fc.oneof(
  fc.constant(null),
  digitsAndMarks,
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.maxSafeInteger(),
);
const tuple = fc.array(field, { maxLength: 6 });

/** Reads an encoding back. What can be read back in one way only is injective. */
function decode(encoded: string): (string | null)[] {
  let bytes = Buffer.from(encoded, "utf8");
  const fields: (string | null)[] = [];
  while (bytes.length > 0) {
    if (bytes[0] === 0x2d) {
      fields.push(null);
      bytes = bytes.subarray(1);
      continue;
    }
    const colon = bytes.indexOf(":");
    const end = colon + 1 + Number(bytes.subarray(0, colon).toString());
    fields.push(bytes.subarray(colon + 1, end).toString());
    bytes = bytes.subarray(end);
  }
  return fields;
}

describe("the encoding of a tuple", () => {
  it("counts UTF-8 bytes and tells an absent field from an empty one", () => {
    expect(encodeTuple(["a", 1, null, "", "é"])).toBe("1:a1:1-0:2:é");
    expect(encodeTuple([])).toBe("");
  });

  it("can be read back", () => {
    const text = (one: Field) => (one === null ? null : String(one));
    fc.assert(
      fc.property(tuple, (fields) => {
        expect(decode(encodeTuple(fields))).toEqual(fields.map(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it("differs where the tuples differ", () => {
    const text = (fields: readonly Field[]) =>
      JSON.stringify(fields.map((one) => (one === null ? null : String(one))));
    fc.assert(
      fc.property(tuple, tuple, (left, right) => {
        expect(encodeTuple(left) === encodeTuple(right)).toBe(text(left) === text(right));
      }),
      { numRuns: 1_000 },
    );
  });

  it("keeps apart what a plain join would confuse", () => {
    const pairs: [Field[], Field[]][] = [
      [
        ["ab", "c"],
        ["a", "bc"],
      ],
      [["a", null], ["a-"]],
      [["1:a"], ["1", "a"]],
      [[null], ["-"]],
      [[""], []],
      [
        ["", null],
        [null, ""],
      ],
    ];
    for (const [left, right] of pairs) expect(encodeTuple(left)).not.toBe(encodeTuple(right));
  });
});

describe("the digest of a tuple", () => {
  it("is the SHA-256 of its encoding, in lower-case hexadecimal", () => {
    const frozen = "bd3bbb5b097a5ffa7b40138093a51a3ef8417e7edf4d407b3b3741a82a3976f6";
    expect(digestTuple(["a", 1, null, "", "é"])).toBe(frozen);
    fc.assert(
      fc.property(tuple, (fields) => {
        const expected = createHash("sha256").update(encodeTuple(fields), "utf8").digest("hex");
        expect(digestTuple(fields)).toBe(expected);
      }),
    );
  });
});
