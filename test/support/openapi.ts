// An answer held against docs/openapi.json: its status, content type, headers and body must be what
// the document says of the route. Closed-world: a field that the document does not name is a fault.
import document from "../../docs/openapi.json" with { type: "json" };

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly maxProperties?: number;
  readonly propertyNames?: Schema;
  readonly pattern?: string;
  readonly format?: string;
}

interface Response {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Response>>;
}

type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

const paths = document.paths as unknown as Paths;
const schemas = document.components.schemas as unknown as Readonly<Record<string, Schema>>;

/** Keywords that say nothing of the value, or that are looked at below. Any other one throws: a
 *  checker that skips what it does not know would go blind with the next change of the document. */
const known = new Set(
  (
    "$ref type properties required additionalProperties items enum oneOf anyOf allOf minimum maximum " +
    "minLength maxLength minItems maxItems uniqueItems maxProperties propertyNames pattern format " +
    "description example discriminator x-enum-varnames"
  ).split(" "),
);

function resolve(reference: string): Schema {
  const found = schemas[reference.replace("#/components/schemas/", "")];
  if (!found) throw new Error(`no such schema: ${reference}`);
  return found;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}

function hasType(value: unknown, type: Schema["type"]): boolean {
  if (type === undefined) return true;
  const own = typeOf(value);
  const allowed = typeof type === "string" ? [type] : type;
  return allowed.includes(own) || (own === "integer" && allowed.includes("number"));
}

function scalarFaults(schema: Schema, value: unknown, at: string): string[] {
  const faults: string[] = [];
  const check = (good: boolean, what: string) => good || faults.push(`${at}: ${what}`);
  if (schema.enum) check(schema.enum.includes(value), `${String(value)} is not in the enum`);
  if (typeof value === "number") {
    check(value >= (schema.minimum ?? -Infinity), "too small");
    check(value <= (schema.maximum ?? Infinity), "too great");
  }
  if (typeof value === "string") {
    const length = Array.from(value).length;
    check(length >= (schema.minLength ?? 0), "too short");
    check(length <= (schema.maxLength ?? Infinity), "too long");
    if (schema.pattern) check(new RegExp(schema.pattern, "u").test(value), "pattern");
    const isTime = schema.format === "date-time";
    if (isTime) check(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value), "time");
  }
  return faults;
}

function objectFaults(schema: Schema, value: object, at: string): string[] {
  const {
    properties,
    required = [],
    additionalProperties,
    propertyNames,
    maxProperties = Infinity,
  } = schema;
  const missing = required.filter((name) => !Object.hasOwn(value, name));
  const faults = missing.map((name) => `${at}.${name}: missing`);
  const entries = Object.entries(value);
  if (entries.length > maxProperties) faults.push(`${at}: too many properties`);
  for (const [name, inner] of entries) {
    if (propertyNames) faults.push(...schemaFaults(propertyNames, name, `${at} (the name)`));
    const own = properties?.[name];
    if (own) faults.push(...schemaFaults(own, inner, `${at}.${name}`));
    else if (typeof additionalProperties === "object") {
      faults.push(...schemaFaults(additionalProperties, inner, `${at}.${name}`));
    } else if (properties) faults.push(`${at}.${name}: not documented`);
  }
  return faults;
}

function arrayFaults(schema: Schema, value: readonly unknown[], at: string): string[] {
  const { items, minItems = 0, maxItems = Infinity, uniqueItems = false } = schema;
  const faults: string[] = [];
  if (value.length < minItems) faults.push(`${at}: too few`);
  if (value.length > maxItems) faults.push(`${at}: too many`);
  const different = new Set(value.map((one) => JSON.stringify(one))).size;
  if (uniqueItems && different < value.length) faults.push(`${at}: not unique`);
  if (!items) return faults;
  return [...faults, ...value.flatMap((one, i) => schemaFaults(items, one, `${at}.${i}`))];
}

/** What is wrong with a value, by path; empty if it is as the schema says. */
function schemaFaults(schema: Schema, value: unknown, at = "body"): string[] {
  const unknown = Object.keys(schema).filter((keyword) => !known.has(keyword));
  if (unknown.length > 0) throw new Error(`${at}: unknown keywords ${unknown.join()}`);
  if (schema.$ref !== undefined) return schemaFaults(resolve(schema.$ref), value, at);
  if (schema.oneOf) {
    const tried = schema.oneOf.map((one) => schemaFaults(one, value, at));
    const matching = tried.filter((faults) => faults.length === 0).length;
    return matching === 1 ? [] : [`${at}: matches ${matching} of oneOf`, ...tried.flat()];
  }
  if (schema.anyOf) {
    const tried = schema.anyOf.map((one) => schemaFaults(one, value, at));
    const isOne = tried.some((faults) => faults.length === 0);
    return isOne ? [] : [`${at}: matches none of anyOf`, ...tried.flat()];
  }
  if (!hasType(value, schema.type)) {
    return [`${at}: ${typeOf(value)} instead of ${String(schema.type)}`];
  }
  const faults = scalarFaults(schema, value, at);
  for (const one of schema.allOf ?? []) faults.push(...schemaFaults(one, value, at));
  if (Array.isArray(value)) return [...faults, ...arrayFaults(schema, value, at)];
  if (typeof value !== "object" || value === null) return faults;
  return [...faults, ...objectFaults(schema, value, at)];
}

function operationsAt(path: string): Readonly<Record<string, Operation>> | undefined {
  const exact = paths[path];
  if (exact) return exact;
  const found = Object.entries(paths).find(([template]) =>
    new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path),
  );
  return found?.[1];
}

/** What an answer has that the document does not tell, or has not that it promises. */
export function documentFaults(
  method: string,
  path: string,
  answer: { readonly status: number; readonly headers: Headers; readonly body: unknown },
): string[] {
  const { status, headers, body } = answer;
  const operations = operationsAt(path);
  if (!operations) return [];
  const operation = operations[method === "HEAD" ? "get" : method.toLowerCase()];
  if (!operation) return [404, 405].includes(status) ? [] : [`${method} answers ${status}`];

  const response = operation.responses[status];
  if (!response) return [`${operation.operationId}: ${status} is not documented`];
  const told = Object.keys(response.headers ?? {});
  const faults = [
    "X-Request-Id",
    "Accept-Encoding",
    "Location",
    "Retry-After",
    "Idempotent-Replayed",
    "WWW-Authenticate",
  ]
    .filter((name) => headers.has(name) && !told.includes(name))
    .map((name) => `header ${name} is not documented`);
  if (method === "HEAD") return faults;
  const contentType = headers.get("content-type") ?? "";
  const content = response.content?.[contentType];
  if (!content) return [...faults, `content type ${contentType} is not documented`];
  return [...faults, ...schemaFaults(content.schema, body)];
}
