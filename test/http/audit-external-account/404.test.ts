// Guarantee: a shard that cannot exist is not found.
import { test } from "vitest";
import { expectProblem, get } from "../../support/http.ts";

test.each(["7", "7F", "100", "zz", "external-7f"])("not_found: the shard %s", async (shard) => {
  expectProblem(await get(`/ops/audits/external-accounts/${shard}`), 404, "not_found");
});
