// What no write may accept, whatever it is for: bodies that are not strict JSON, and keys that are
// no keys. Each comes with what is wrong with it.
import { expect } from "vitest";
import { transactionIdFor, userIdFor, walletIdOfUser } from "../../src/domain/ids.ts";
import { tenant } from "./caller.ts";
import { logObject, walletObject } from "./stubs.ts";
import { runSql, tablesOf } from "./objects.ts";

type Bytes = string | Uint8Array<ArrayBuffer>;
type Case<Value> = readonly [name: string, value: Value];

const octets = (...values: number[]) => Uint8Array.from(values);

/** `malformed_json` on every route. */
export const malformedBodies: readonly Case<Bytes>[] = [
  ["no body", ""],
  ["white space only", " \r\n\t"],
  ["half an object", '{"amount":1'],
  ["two values", "{}{}"],
  ["a comment", '{"amount":1} // one'],
  ["a trailing comma", '{"amount":1,}'],
  ["single quotes", "{'amount':1}"],
  ["a leading zero", '{"amount":01}'],
  ["a plus sign", '{"amount":+1}'],
  ["hexadecimal", '{"amount":0x1}'],
  ["NaN", '{"amount":NaN}'],
  ["an infinite number", '{"amount":Infinity}'],
  ["undefined", '{"amount":undefined}'],
  ["a form", "amount=1&currency=USD"],
  ["a bare control character", '{"description":"a\u0000b"}'],
  ["a byte order mark", '\ufeff{"amount":1}'],
  ["a field twice", '{"amount":1,"amount":1}'],
  ["a field twice, once escaped", '{"amount":1,"\\u0061mount":2}'],
  ["a field twice further in", '{"metadata":{"a":"1","a":"1"}}'],
  ["__proto__ twice", '{"__proto__":{},"__proto__":{}}'],
  ["a lone high surrogate", '{"description":"\\ud800"}'],
  ["a lone low surrogate", '{"description":"\\udc00"}'],
  ["a lone surrogate in a name", '{"\\udfff":1}'],
  ["nine levels", "[".repeat(9) + "]".repeat(9)],
  ["eight thousand levels", "[".repeat(8_000) + "]".repeat(8_000)],
  ["a cut UTF-8 sequence", octets(0x22, 0xe2, 0x82, 0x22)],
  ["an overlong UTF-8 sequence", octets(0x22, 0xc0, 0xaf, 0x22)],
  ["a surrogate in UTF-8", octets(0x22, 0xed, 0xa0, 0x80, 0x22)],
  ["UTF-16", octets(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00)],
  ["bytes of a gzip stream", octets(0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00)],
];

/** Spellings that no amount may have; all of them are `validation_failed` at `amount`. */
export const badAmounts: readonly string[] = [
  ..."0 -1 -0 0.0 1.0 1.5 1e3 1E0 10e-1 1e400 -9007199254740991".split(" "),
  "9007199254740992",
  "9007199254740993",
  "9".repeat(400),
  `1.${"0".repeat(400)}`,
  '"5"',
  '""',
  "null",
  "true",
  "[5]",
  "{}",
  '{"value":5}',
];

/** `idempotency_key_invalid` on every write. */
export const invalidKeys: readonly Case<string>[] = [
  ["empty", ""],
  ["empty in quotes", '""'],
  ["256 characters", "k".repeat(256)],
  ["256 characters in quotes", `"${"k".repeat(256)}"`],
  ["a space", "a b"],
  ["a comma", "a,b"],
  ["two headers, joined", "a, b"],
  ["an open quote", '"abc'],
  ["text after the quotes", '"abc"d'],
  ["parameters", '"abc";v=1'],
  ["a tab", "a\tb"],
  ["beyond ASCII", "cl\u00e9"],
];

/** The request that used this key has left nothing, in neither of the two namespaces of keys. */
export async function expectNoTrace(key: string): Promise<void> {
  const wallet = walletObject(walletIdOfUser(userIdFor(tenant, key)));
  expect(await tablesOf(wallet)).toEqual([]);
  const id = transactionIdFor(tenant, key);
  const log = logObject(id);
  if ((await tablesOf(log)).length === 0) return;
  const rows =
    "SELECT id FROM transactions WHERE id = ?1 UNION ALL SELECT id FROM batches WHERE id = ?1";
  expect(await runSql(log, rows, id)).toEqual([]);
}
