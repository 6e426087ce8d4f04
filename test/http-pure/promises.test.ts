// Guarantee: where the documents promise that an answer is final for its key, they name what is not:
// the 404 of a wallet id that cannot exist, which looks like one that is.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import document from "../../docs/openapi.json" with { type: "json" };

const read = (file: string) => readFileSync(`${import.meta.dirname}/../../${file}`, "utf8");

const paragraphsOf = (text: string) => text.split(/\n\n|\n- /);

test.each([
  ["README.md", read("README.md")],
  ["docs/idempotency.md", read("docs/idempotency.md")],
  ["the introduction of the API", document.info.description],
])("%s", (_, text) => {
  const promises = paragraphsOf(text).filter((paragraph) => /is\s+final\s+for/.test(paragraph));
  expect(promises.length).toBeGreaterThan(0);
  for (const promise of promises) {
    expect(promise).toMatch(/404\s+of\s+a\s+wallet\s+id\s+that\s+cannot\s+exist/);
  }
});
