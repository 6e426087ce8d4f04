// Rewrites the generated OpenAPI document for code generators. A named schema with its own
// description comes as `allOf: [{$ref}, {description}]`, from which generators make an extra type;
// since OpenAPI 3.1 the description may stand beside the reference. Never changes the meaning.

type Node = Record<string, unknown>;

/** Keywords that may stand beside a reference: they describe and do not restrict. */
const annotations = new Set(["description", "example", "default", "deprecated"]);

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describedReference({ allOf, ...beside }: Node): Node | undefined {
  if (!Array.isArray(allOf) || !allOf.every(isNode)) return undefined;
  const merged = Object.assign({}, ...allOf, beside) as Node;
  const { $ref, ...described } = merged;
  const references = allOf.filter((part) => "$ref" in part).length;
  const plain = Object.keys(described).every((name) => annotations.has(name));
  return references === 1 && plain ? { $ref, ...described } : undefined;
}

/** The value with every such `allOf` in it replaced. */
export function withPlainReferences<Value>(value: Value): Value;
export function withPlainReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => withPlainReferences(one as unknown));
  if (!isNode(value)) return value;
  const reference = describedReference(value);
  if (reference) return reference;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withPlainReferences(inner)]),
  );
}
