// Guarantee: the documentation is served by this Worker alone, under a policy that lets nothing in
// from elsewhere, and explains every code.
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { problemCodes } from "../../../src/domain/errors.ts";
import { get, send } from "../../support/http.ts";

test.each(["/docs", "/docs/errors"])("%s is a page that only uses this origin", async (path) => {
  const { status, headers, text } = await get(path);
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("text/html; charset=UTF-8");
  const policy = headers.get("content-security-policy") ?? "";
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
  expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
  expect(text).not.toMatch(/<script(?! src="\/docs\/)|<style| style=| on\w+=/);
});

test("every code has its place on the page that problems point to", async () => {
  const { text } = await get("/docs/errors");
  const places = [...text.matchAll(/ id="(\w+)"/g)].map((match) => match[1]);
  expect(places).toEqual([...problemCodes]);
});

test("every code tells what happened, what to do, what becomes of the key and who answers it", async () => {
  const { text } = await get("/docs/errors");
  const sections = text.split("<section").slice(1);
  expect(sections).toHaveLength(problemCodes.length);
  for (const [index, section] of sections.entries()) {
    const code = problemCodes[index] ?? "";
    const told = [...section.matchAll(/<dd>([^]*?)<\/dd>/g)].map((match) => match[1]?.trim());
    expect(told, `code ${index}`).toHaveLength(4);
    expect(
      told.filter((one) => (one?.length ?? 0) < 10),
      `code ${index}`,
    ).toEqual([]);
    const example = (/<pre>([^]*)<\/pre>/.exec(section)?.[1] ?? "").replaceAll("&quot;", '"');
    expect(JSON.parse(example), `code ${index}`).toMatchObject({
      code,
      type: `/docs/errors#${code}`,
    });
  }
  const funds = sections[problemCodes.indexOf("insufficient_funds")] ?? "";
  expect(funds).toContain('<a href="/docs#/Transactions/transferFunds">transferFunds</a>');
  expect(funds).not.toContain("fundWallet");
});

test("the page of the API links the page of the errors", async () => {
  expect((await get("/docs")).text).toContain('href="/docs/errors"');
});

const built = (await env.ASSETS.fetch("https://assets.test/swagger-ui.css")).ok;

test.runIf(built).each([
  ["swagger-ui.css", "text/css; charset=utf-8"],
  ["swagger-ui-bundle.js", "text/javascript; charset=utf-8"],
  ["start.js", "text/javascript; charset=utf-8"],
  ["docs.css", "text/css; charset=utf-8"],
  ["favicon-32x32.png", "image/png"],
])("the asset %s, with the headers of every answer", async (file, type) => {
  const { status, headers, text } = await get(`/docs/assets/${file}`);
  expect([status, headers.get("content-type")]).toEqual([200, type]);
  expect(text.length).toBeGreaterThan(0);
});

test("HEAD answers the same without the body", async () => {
  const { status, text } = await send("HEAD", "/docs");
  expect([status, text]).toEqual([200, ""]);
});
