// A corpus of requests that must be refused, for every route, drawn from a seed: bodies broken in
// ways that no luck can mend, impossible ids, questions and keys, methods and addresses.
import { Random } from "../simulation/random.ts";
import { malformedBodies, badAmounts, invalidKeys } from "./bad-requests.ts";
import type { Sent } from "./http.ts";
import type { Write } from "./writes.ts";

export interface BadCase {
  /** What is wrong, to find the case again. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly sent: Sent;
}

const letters = Array.from("abcXYZ019_-./ \u00e9\u20ac\u{1f600}");

type Body = Readonly<Record<string, unknown>>;
type Broken = readonly [name: string, body: string | Uint8Array];

const badValues: readonly string[] = [
  "null",
  "true",
  "[]",
  "{}",
  "[[]]",
  '{"a":{"b":{}}}',
  "1.5",
  "1e999",
  "-0",
  "1E1",
  "9007199254740992",
  "9".repeat(300),
  '"\\u0000"',
  '"\\ud83d"',
  `"${"x".repeat(600)}"`,
];

/** Only a field that is true or false can be mended by one of the values. */
const isBad = (body: Body, field: string, value: string) =>
  typeof body[field] !== "boolean" || value !== "true";

const marker = "@@marker@@";

/** Takes one of the values out of the JSON and puts a text in its place. */
function replaced(body: Body, field: string, value: string): string {
  return JSON.stringify({ ...body, [field]: marker }).replace(JSON.stringify(marker), value);
}

/** A body, or an object in one of its lists, such as an item of a batch or a posting of it. */
interface Place {
  readonly path: string;
  readonly object: Body;
  readonly before: string;
  readonly after: string;
}

function placesOf(object: Body, path = "", before = "", after = ""): readonly Place[] {
  const inner = Object.entries(object).flatMap(([field, list]) => {
    if (!Array.isArray(list)) return [];
    return list.flatMap((element: Body, index) => {
      const others = JSON.stringify({ ...object, [field]: list.with(index, marker) });
      const [start = "", end = ""] = others.split(JSON.stringify(marker));
      return placesOf(element, `${path}${field}.${index}.`, before + start, end + after);
    });
  });
  return [{ path, object, before, after }, ...inner];
}

/** The whole body with the text of one of its objects as given. */
function inPlace({ path, before, after }: Place, [name, text]: Broken): Broken {
  const fault = `${path}${name}`;
  if (typeof text === "string") return [fault, `${before}${text}${after}`];
  return [fault, Uint8Array.from([...Buffer.from(before), ...text, ...Buffer.from(after)])];
}

class Mutations {
  readonly random: Random;

  constructor(seed: number) {
    this.random = new Random(seed, "bad requests");
  }

  word(): string {
    return Array.from({ length: this.random.integer(1, 12) }, () => this.random.pick(letters)).join(
      "",
    );
  }

  /** One fault in an otherwise good body. Each of them is one whatever the chance decides. */
  break(body: Body, bytesMax: number): Broken {
    const text = JSON.stringify(body);
    const field = this.random.pick(Object.keys(body));
    const position = this.random.integer(1, text.length - 1);
    const bytes = new TextEncoder().encode(text);
    switch (this.random.integer(0, 8)) {
      case 0:
        return [`cut at ${position}`, text.slice(0, position)];
      case 1: {
        const broken = Uint8Array.from([
          ...bytes.slice(0, position),
          0xff,
          ...bytes.slice(position),
        ]);
        return [`a stray byte at ${position}`, broken];
      }
      case 2:
        return [`${field} twice`, `${text.slice(0, -1)},${JSON.stringify(field)}:1}`];
      case 3: {
        const name = `${this.word()}?`;
        return [`unknown ${name}`, JSON.stringify({ ...body, [name]: this.word() })];
      }
      case 4: {
        const value = this.random.pick(badValues.filter((bad) => isBad(body, field, bad)));
        return [`${field}: ${value.slice(0, 20)}`, replaced(body, field, value)];
      }
      case 5: {
        const amount = this.random.pick(badAmounts);
        return [`amount ${amount.slice(0, 20)}`, replaced(body, "amount", amount)];
      }
      case 6: {
        const depth = this.random.integer(9, 3_000);
        return [`${depth} levels`, replaced(body, field, "[".repeat(depth) + "]".repeat(depth))];
      }
      case 7:
        return ["too long", text + " ".repeat(bytesMax + this.random.integer(0, 40_000))];
      default: {
        const junk = Array.from({ length: this.random.integer(1, 40) }, () =>
          this.random.integer(0, 255),
        );
        return ["bytes", Uint8Array.from([0xc0, ...junk])];
      }
    }
  }

  /** Something that no parameter and no id may be. */
  junk(): string {
    const parts = [
      this.word(),
      this.random.pick(["", "%00", "%ff", "%E0%A4%A", "%2F", "%0d%0a", "'--"]),
    ];
    return parts.map((part) => part.replaceAll(/[^\w.%'-]/gu, encodeURIComponent)).join("");
  }
}

/** Each field with each value that it may not have. */
function badFields(body: Body): readonly Broken[] {
  return Object.keys(body).flatMap((field) =>
    badValues
      .filter((bad) => isBad(body, field, bad))
      .map((value): Broken => [`${field}: ${value}`, replaced(body, field, value)]),
  );
}

const jsonType = "application/json";

/** Cases for the writes; every one of them carries a key that no other one has. */
export function badWrites(writes: readonly Write[], count: number, seed: number): BadCase[] {
  const mutations = new Mutations(seed);
  const cases: BadCase[] = [];
  const add = (path: string, [name, body]: Broken, headers: Record<string, string> = {}) => {
    const key = `fuzz-${seed}-${path}-${cases.length}`;
    const all = { "content-type": jsonType, "idempotency-key": key, ...headers };
    cases.push({ name, method: "POST", path, sent: { headers: all, body } });
  };
  for (const { path, body } of writes) {
    const good = JSON.stringify(body);
    for (const malformed of malformedBodies) add(path, malformed);
    for (const [name, key] of invalidKeys) {
      if (/^[\x20-\x7e]*$/.test(key)) add(path, [name, good], { "idempotency-key": key });
    }
    for (const type of ["text/plain", "application/xml", "application/json; charset=utf-7"]) {
      add(path, [type, good], { "content-type": type });
    }
    for (const place of placesOf(body)) {
      for (const broken of badFields(place.object)) add(path, inPlace(place, broken));
    }
  }
  while (cases.length < count) {
    const write = mutations.random.pick(writes);
    const place = mutations.random.pick(placesOf(write.body));
    add(write.path, inPlace(place, mutations.break(place.object, write.bytesMax)));
  }
  return cases;
}

/** Cases for the reads: impossible ids and questions, for a wallet that exists where one is named. */
export function badReads(walletId: string, count: number, seed: number): BadCase[] {
  const mutations = new Mutations(seed);
  const junk = () => mutations.junk();
  const parameters = ["currency", "direction", "type", "from", "to", "limit", "cursor"];
  const makers: readonly (() => string)[] = [
    () => `/users/${junk()}`,
    () => `/users/usr_${junk()}`,
    () => `/wallets/${junk()}/balance`,
    () => `/wallets/wal_${junk()}/audit`,
    () => `/wallets/${junk()}/freezes`,
    () => `/wallets/${junk()}/authorizations`,
    () => `/wallets/${walletId}/authorizations?status=${junk()}`,
    () => `/wallets/${walletId}/balance?currency=${junk()}0`,
    () => `/wallets/${walletId}/balance?x${junk()}=1`,
    () => `/transactions/txn_${junk()}`,
    () => `/transactions/${junk()}`,
    () => `/transactions?walletId=${junk()}`,
    () => `/transactions?walletId=${walletId}&${mutations.random.pick(parameters)}=${junk()}x`,
    () => `/transactions?walletId=${walletId}&x${junk()}=1`,
    () => `/transactions?paymentReference=a&provider=${junk()}X`,
    () => `/transactions?payoutReference=%00${junk()}`,
    () => `/transactions?walletId=${walletId}&limit=1&limit=${mutations.random.integer(1, 9)}`,
    () => `/ops/unsettled?olderThan=${junk()}x`,
    () => `/ops/unsettled?x${junk()}`,
    () => `/${junk()}/${junk()}`,
    () => `/docs/assets/${junk()}x`,
  ];
  return Array.from({ length: count }, (_, index): BadCase => {
    const make = makers[index % makers.length] ?? mutations.random.pick(makers);
    const path = make();
    return { name: "a question", method: "GET", path, sent: {} };
  });
}

/** Every method that no route has, at every route, with a body that would be good elsewhere. */
export function badMethods(paths: readonly string[]): BadCase[] {
  const methods = ["PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "PURGE", "MKCOL"];
  const headers = { "content-type": jsonType, "idempotency-key": "fuzz-method" };
  const sent = { headers, body: '{"name":"Ada"}' };
  return paths.flatMap((path) =>
    methods.map((method) => ({ name: "a method", method, path, sent })),
  );
}
