// GET /ops/books: the outside world's side of the tenant's books, added up exactly.
import type { z } from "@hono/zod-openapi";
import type { BookLine } from "../../durable-objects/external-account/books-contract.ts";
import { externalAccountStub } from "../../durable-objects/rpc/stubs.ts";
import { externalShardAddress } from "../../domain/ids.ts";
import { askAllShards } from "../ask-shards.ts";
import { callOf, type App } from "../context.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import * as examples from "../schemas/examples.ts";
import { Books } from "../schemas/integrity.ts";

type Line = z.infer<typeof Books>["data"][number];

/** Adds up the lines per provider and currency. Sums are strings: BigInt adds them exactly. */
function combine(lines: readonly [BookLine, ...BookLine[]]): Line {
  const [{ provider, currency }] = lines;
  const sum = (amountOf: (line: BookLine) => string | number) =>
    lines.reduce((total, line) => total + BigInt(amountOf(line)), 0n);
  const debits = sum(({ posted }) => posted.debits);
  const credits = sum(({ posted }) => posted.credits);
  return {
    provider: provider === "" ? null : provider,
    currency,
    entries: Number(sum(({ entries }) => entries)),
    debits: String(debits),
    credits: String(credits),
    net: String(credits - debits),
    inFlight: {
      legs: Number(sum(({ openLegs }) => openLegs)),
      debits: String(sum(({ open }) => open.debits)),
      credits: String(sum(({ open }) => open.credits)),
    },
  };
}

function render(lines: readonly BookLine[]): Line[] {
  const groups = Map.groupBy(lines, ({ provider, currency }) => `${provider} ${currency}`);
  return [...groups]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([, [first, ...others]]) => (first ? [combine([first, ...others])] : []));
}

const example = render([
  {
    provider: examples.provider,
    currency: "USD",
    entries: 1,
    posted: { debits: "10000", credits: "0" },
    openLegs: 0,
    open: { debits: "0", credits: "0" },
  },
]);

export function readBooks(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/ops/books",
    operationId: "getBooks",
    tags: ["Operations"],
    summary: "Read the books of the outside world",
    description:
      "Money that entered and left, per provider and currency, and money in flight: exact sums " +
      "over all shards. Each shard is read at one moment, different shards at different moments. " +
      "Slow: reads every entry of the outside world.",
    responses: {
      200: {
        description: "One line for each provider and currency.",
        headers: responseHeaders(),
        content: {
          "application/json": { schema: Books, example: { data: example, unreachableShards: 0 } },
        },
      },
      ...problemResponses("/ops/books", []),
    },
  });

  app.get("/ops/books", async (c) => {
    const call = callOf(c);
    const { answers, unreachableShards } = await askAllShards(c, "books of external", (shard) => {
      const { id: account } = externalShardAddress(shard);
      return externalAccountStub(c.env, call.tenant, account).books({ ...call, account });
    });
    return c.json({ data: render(answers.flat()), unreachableShards }, 200);
  });
}
