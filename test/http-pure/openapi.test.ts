// Guarantee: the committed document is what the running code would say of itself. After a change of
// the contract: `npm test -- test/http-pure/openapi.test.ts -u`, and review the difference.
import { expect, test } from "vitest";
import { problemCodes } from "../../src/domain/errors.ts";
import { createApp } from "../../src/http/app.ts";
import { openApiDocument } from "../../src/http/openapi.ts";

const path = new URL("../../docs/openapi.json", import.meta.url).pathname;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: { readonly example?: unknown };
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly responses: Record<string, { headers: Record<string, unknown> }>;
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { schemas: { ErrorCode: { enum: string[] } } };
}

async function readServedDocument(): Promise<Document> {
  const response = await createApp().request("/openapi.json", {}, {});
  return await response.json();
}

test("docs/openapi.json does not drift", async () => {
  const text = JSON.stringify(openApiDocument(createApp()), null, 2);
  await expect(`${text}\n`).toMatchFileSnapshot(path);
});

test("every route of the contract is in it", async () => {
  const { paths } = await readServedDocument();
  const routes = Object.entries(paths).flatMap(([route, operations]) =>
    Object.keys(operations).map((method) => `${method} ${route}`),
  );
  expect(routes.toSorted()).toEqual([
    "delete /admin/keys/{keyId}",
    "get /admin/keys",
    "get /admin/keys/{keyId}",
    "get /health",
    "get /health/ready",
    "get /ops/audits/external-accounts/{shard}",
    "get /ops/audits/keys",
    "get /ops/books",
    "get /ops/scrub",
    "get /ops/unsettled",
    "get /transactions",
    "get /transactions/{id}",
    "get /users/{userId}",
    "get /wallets/{userId}/audit",
    "get /wallets/{userId}/authorizations",
    "get /wallets/{userId}/balance",
    "get /wallets/{userId}/freezes",
    "post /admin/keys",
    "post /ops/scrub",
    "post /transactions",
    "post /transactions/batch",
    "post /transactions/fund",
    "post /transactions/transfer",
    "post /transactions/withdraw",
    "post /transactions/{id}/cancel",
    "post /transactions/{id}/capture",
    "post /transactions/{id}/reverse",
    "post /users",
    "post /wallets/{userId}/freezes",
  ]);
});

test("every code is in the document", async () => {
  const { components } = await readServedDocument();
  expect(components.schemas.ErrorCode.enum).toEqual([...problemCodes]);
});

test("every answer documents its X-Request-Id", async () => {
  const { paths } = await readServedDocument();
  for (const operations of Object.values(paths)) {
    for (const { operationId, responses } of Object.values(operations)) {
      for (const [status, { headers }] of Object.entries(responses)) {
        expect(headers, `${operationId} ${status}`).toHaveProperty("X-Request-Id");
      }
    }
  }
});

test("every write has an example key of its own", async () => {
  const { paths } = await readServedDocument();
  const keys = Object.values(paths)
    .flatMap((operations) => Object.values(operations))
    .flatMap(({ parameters = [] }) => parameters.filter(({ name }) => name === "Idempotency-Key"))
    .map(({ schema }) => schema.example);
  expect(keys.length).toBeGreaterThanOrEqual(5);
  expect(new Set(keys).size).toBe(keys.length);
});

test("optional filters are not filled in", async () => {
  const { paths } = await readServedDocument();
  const filled = Object.values(paths)
    .flatMap((operations) => Object.values(operations))
    .flatMap(({ parameters = [] }) => parameters)
    .filter((one) => one.in === "query" && !one.required)
    .filter(({ schema }) => schema.example !== undefined);
  // It is one of three that a request has to name.
  expect(filled.map(({ name }) => name)).toEqual(["walletId"]);
});
