// Guarantee: the document is one that client generators read well: every integer is 64 bits wide and
// bounded, what has a shape has a name, and everything is described. Guards docs/openapi.json, from
// which clients are generated (scripts/test-clients.mjs compiles some).
import { expect, test } from "vitest";
import document from "../../docs/openapi.json" with { type: "json" };

type Node = Readonly<Record<string, unknown>>;

interface Found {
  readonly at: string;
  readonly node: Node;
}

/** Literal values, which are not schemas whatever they look like. */
const literal = new Set(["example", "examples", "enum", "const", "default"]);

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

function* walk(node: Node, at = "#"): Generator<Found> {
  yield { at, node };
  for (const [name, inner] of Object.entries(node)) {
    const isLiteral = literal.has(name) && !at.endsWith("/properties");
    if (isNode(inner) && !isLiteral) yield* walk(inner, `${at}/${name}`);
  }
}

const all = [...walk(document)];

/** The places of what has `keyword` and fails `isGood`. */
function offenders(has: (node: Node) => boolean, isGood: (found: Found) => boolean): string[] {
  const found = all.filter(({ node }) => has(node));
  expect(found.length).toBeGreaterThan(0);
  return found.filter((one) => !isGood(one)).map(({ at }) => at);
}

const isNamed = (at: string) => /^#\/components\/schemas\/\w+$/.test(at);

const hasType = (type: string) => (node: Node) =>
  [node["type"]].flat().includes(type) && typeof node["type"] !== "object";

test("every integer has a format, a minimum and a maximum that a double holds", () => {
  const isBounded = ({ node: { format, minimum, maximum } }: Found) =>
    format === "int64" && Number.isSafeInteger(minimum) && Number.isSafeInteger(maximum);
  expect(offenders(hasType("integer"), isBounded)).toEqual([]);
  expect(all.filter(({ node }) => hasType("number")(node))).toEqual([]);
});

test("every enumeration of more than one value, and every object, has a name", () => {
  const isEnumeration = ({ enum: values }: Node) => Array.isArray(values) && values.length > 1;
  expect(offenders(isEnumeration, ({ at }) => isNamed(at))).toEqual([]);
  const isObject = (node: Node) => isNode(node["properties"]) && node["type"] === "object";
  expect(offenders(isObject, ({ at }) => isNamed(at))).toEqual([]);
});

test("no two named enumerations share the name of a constant", () => {
  const enumerations = Object.values<Node>(document.components.schemas).filter(
    (one) => one["enum"],
  );
  const names = enumerations.flatMap((one) => [one["x-enum-varnames"] ?? one["enum"]].flat());
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test("no security scheme is named like a schema", () => {
  const schemas = new Set(Object.keys(document.components.schemas).map((one) => one.toLowerCase()));
  const schemes = Object.keys(document.components.securitySchemes);
  expect(schemes.filter((one) => schemas.has(one.toLowerCase()))).toEqual([]);
});

test("no reference is wrapped in allOf", () => {
  expect(all.filter(({ node }) => "allOf" in node)).toEqual([]);
});

test("no schema collides with a constructor, and an answer is one schema or told apart", () => {
  const names = Object.keys(document.components.schemas);
  expect(names.filter((name) => name.startsWith("New"))).toEqual([]);
  const { 201: funded, 202: pending } = document.paths["/transactions/fund"].post.responses;
  for (const { content } of [funded, pending]) {
    expect(content["application/json"].schema).toEqual({ $ref: "#/components/schemas/Funding" });
  }
  const isTold = ({ node }: Found) => "discriminator" in node;
  expect(offenders((node) => "oneOf" in node, isTold)).toEqual([]);
});

test("ids, hashes, currencies and scopes say what they look like", () => {
  const isIdentifier = (at: string) =>
    /\/(properties|parameters)\/(\w*(Id|id|[Cc]urrency|hash|fromWalletId|account))$/.test(at);
  const isPatterned = ({ node }: Found) => "pattern" in node || "$ref" in node;
  const found = all.filter(({ at, node }) => isIdentifier(at) && node["type"] !== "object");
  expect(found.length).toBeGreaterThan(20);
  expect(found.filter((one) => !isPatterned(one)).map(({ at }) => at)).toEqual([]);
  const ofScopes = (node: Node) =>
    isNode(node["items"]) && node["items"]["$ref"] === "#/components/schemas/Scope";
  const isSet = ({ node }: Found) => node["uniqueItems"] === true && node["minItems"] === 1;
  expect(offenders(ofScopes, isSet)).toEqual([]);
  expect(document.components.schemas.Metadata.propertyNames).toMatchObject({ minLength: 1 });
});

test("everything is described", () => {
  const { schemas } = document.components;
  const undescribed = Object.entries<Node>(schemas).filter(([, node]) => !node["description"]);
  expect(undescribed.map(([name]) => name)).toEqual([]);
  expect(offenders((node) => "in" in node && "schema" in node, isDescribed)).toEqual([]);
  expect(offenders((node) => "operationId" in node, isDescribed)).toEqual([]);
  const properties = all.filter(({ at, node }) => /\/properties\/\w+$/.test(at) && !node["$ref"]);
  const trivial = /\/(walletId|userId|id|transactionId|name|email|hash|type|createdAt)$/;
  const bare = properties.filter((one) => !isDescribed(one) && !trivial.test(one.at));
  expect(bare.map(({ at }) => at)).toEqual([]);
  expect(document.info.license.identifier).toMatch(/^LicenseRef-/);
  expect(document.info.license.name).toBe(document.info.license.identifier);
  expect(document.info.contact.name).not.toBe("");
});

function isDescribed({ node }: Found): boolean {
  return typeof node["description"] === "string" && node["description"] !== "";
}
