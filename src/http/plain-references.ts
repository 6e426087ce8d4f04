// Makes the generated document one that code generators read well. A named schema with a
// description of its own comes as `allOf: [{$ref}, {description}]`, of which generators make one
// more type each; since OpenAPI 3.1 the description may stand beside the reference. Changes no
// meaning.

type Node = Record<string, unknown>;

/** What may stand beside a reference: it describes and does not restrict. */
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
