// Guarantee: what two JSON readers could understand differently never gets past the edge.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonDepthMax } from "../../src/domain/limits.ts";
import { readStrictJson } from "../../src/http/strict-json.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readStrictJson(bytes(text));

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("malformed", () => {
  test.each([
    ["nothing", ""],
    ["white space only", " \n"],
    ["two values", "{} {}"],
    ["a comment", "{} // so"],
    ["a trailing comma", '{"a":1,}'],
    ["single quotes", "{'a':1}"],
    ["a leading zero", '{"a":01}'],
    ["a plus sign", '{"a":+1}'],
    ["a fraction without digits", '{"a":1.}'],
    ["hexadecimal", '{"a":0x10}'],
    ["NaN", '{"a":NaN}'],
    ["a bare control character", '{"a":"\n"}'],
    ["a cut string", '{"a":"b'],
    ["a byte order mark", "\ufeff{}"],
    ["a repeated name", '{"a":1,"a":1}'],
    ["a repeated name, once escaped", '{"a":1,"\\u0061":2}'],
    ["a repeated name further in", '{"m":{"k":"1","k":"2"}}'],
    ["a repeated name in a list", '[{"a":1,"a":2}]'],
    ["a repeated __proto__", '{"__proto__":1,"__proto__":1}'],
    ["a lone high surrogate", '{"a":"\\ud800"}'],
    ["a lone low surrogate", '{"a":"\\udc00x"}'],
    ["swapped surrogates", '{"a":"\\ude00\\ud83d"}'],
    ["a lone surrogate in a name", '{"\\ud800":1}'],
    ["one level too deep", nested(jsonDepthMax + 1)],
    ["nested as deep as a body can be long", nested(8_192)],
  ])("%s", (_, text) => {
    expect(read(text)).toMatchObject({ ok: false });
  });

  test.each([
    ["a cut sequence", [0x22, 0xe2, 0x82, 0x22]],
    ["an overlong sequence", [0x22, 0xc0, 0xaf, 0x22]],
    ["an encoded surrogate", [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ["UTF-16", [0x22, 0x00, 0x61, 0x00, 0x22, 0x00]],
  ])("not UTF-8: %s", (_, octets) => {
    expect(readStrictJson(Uint8Array.from(octets))).toMatchObject({ ok: false });
  });

  test("the repeated field is named", () => {
    expect(read('{"m":{"k":1,"\\u006b":2}}')).toEqual({
      ok: false,
      malformed: { path: "m.k", message: "The field is given twice." },
    });
  });
});

describe("well-formed, but no field may have it", () => {
  test.each([
    ["a fraction", "1.0"],
    ["an exponent", "1e3"],
    ["a negative exponent", "10E-1"],
    ["negative zero", "-0"],
    ["2^53", "9007199254740992"],
    ["2^53 + 1, which would be rounded", "9007199254740993"],
    ["-2^53", "-9007199254740992"],
    ["more digits than a double has", "1".repeat(400)],
  ])("%s", (_, spelling) => {
    const json = read(`{"list":[0,{"amount":${spelling}}]}`);
    expect(json).toMatchObject({ ok: true, fieldErrors: [{ path: "list.1.amount" }] });
  });

  test("a number that is the whole body", () => {
    expect(read("1.5")).toMatchObject({ ok: true, fieldErrors: [{ path: "" }] });
  });

  test("every bad number is named", () => {
    const json = read('{"a":1.0,"b":2,"c":1e1}');
    expect(json.ok && json.fieldErrors.map(({ path }) => path)).toEqual(["a", "c"]);
  });

  test("a field called __proto__ is refused and changes no prototype", () => {
    const json = read('{"m":{"__proto__":{"admin":"yes"}}}');
    expect(json).toMatchObject({ ok: true, fieldErrors: [{ path: "m.__proto__" }] });
    expect(({} as Record<string, unknown>)["admin"]).toBeUndefined();
  });
});

describe("accepted", () => {
  test.each([
    ['{"amount":9007199254740991}', { amount: 9007199254740991 }],
    ['{"a":0,"b":-5,"c":[true,false,null]}', { a: 0, b: -5, c: [true, false, null] }],
    ['{"a":{"k":"1"},"b":{"k":"2"}}', { a: { k: "1" }, b: { k: "2" } }],
    ['{"a":"\\ud83d\\ude00 \\u0000 \u20ac"}', { a: "\u{1f600} \u0000 €" }],
    [' \r\n\t{"text":"1.0 1e3 -0 {\\"a\\":1,\\"a\\":1}"} ', { text: '1.0 1e3 -0 {"a":1,"a":1}' }],
  ])("%s", (text, value) => {
    expect(read(text)).toEqual({ ok: true, value, fieldErrors: [] });
  });

  test("the deepest allowed nesting", () => {
    expect(read(nested(jsonDepthMax))).toMatchObject({ ok: true });
  });

  test("whatever the native parser writes without fractions is read back unchanged", () => {
    const leaf = fc.oneof(fc.maxSafeInteger(), fc.string({ unit: "grapheme" }), fc.boolean());
    const key = fc.string({ unit: "grapheme" }).filter((name) => name !== "__proto__");
    const body = fc.dictionary(key, fc.oneof(leaf, fc.array(leaf), fc.dictionary(key, leaf)));
    fc.assert(
      fc.property(body, (value) => {
        const text = JSON.stringify(value);
        expect(read(text)).toEqual({ ok: true, value: JSON.parse(text), fieldErrors: [] });
      }),
    );
  });

  test("what is written without white space is judged as with it", () => {
    const lone = fc.constantFrom("\ud800", "x\udc00", "__proto__", "a");
    const number = fc.oneof(fc.double(), fc.constantFrom(1e21, 2 ** 53, 0.5), fc.maxSafeInteger());
    const leaf = fc.oneof(number, lone, fc.string(), fc.boolean(), fc.constant(null));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie("value")),
        fc.array(fc.tuple(fc.oneof(lone, fc.string()), tie("value"))).map(Object.fromEntries),
      ),
    }));
    fc.assert(
      fc.property(value, (one) => {
        const spaced = read(JSON.stringify(one, null, 1));
        expect(read(JSON.stringify(one))).toEqual(spaced);
      }),
    );
  });

  test("no bytes make it throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => {
        expect(readStrictJson(octets)).toHaveProperty("ok");
      }),
    );
  });
});

test("a byte order mark is told by its name", () => {
  const message = "The body starts with a byte order mark.";
  expect(read("\ufeff{}")).toEqual({ ok: false, malformed: { path: "", message } });
});
