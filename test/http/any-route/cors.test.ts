// Guarantee: no other site reads an answer in a browser, unless its exact origin is listed; and
// what is listed gets no more than it needs: no cookies, the documented methods and headers, for
// minutes.
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import document from "../../../docs/openapi.json" with { type: "json" };
import { createApp } from "../../../src/http/app.ts";
import { checked, origin as ledger } from "../../support/http.ts";

const app = createApp();
const site = "https://app.example.com";
const other = "http://localhost:5173";
const setting = ` ${site} , ${other},`;

const paths = ["/users", "/transactions/fund", "/health", "/docs", "/none", "/users/usr_1"];

async function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  listed: string | undefined,
): Promise<Response> {
  const bindings = listed === undefined ? env : { ...env, CORS_ORIGINS: listed };
  return await app.fetch(
    new Request(`${ledger}${path}`, { method, headers }),
    bindings,
    createExecutionContext(),
  );
}

const corsHeadersOf = ({ headers }: Response) =>
  [...headers].filter(([name]) => name.startsWith("access-control-") || name === "vary");

const preflight = (from: string, method = "POST") => ({
  origin: from,
  "access-control-request-method": method,
  "access-control-request-headers": "authorization,content-type,idempotency-key",
});

describe("unset, or set to what no browser sends", () => {
  test.each([undefined, "", " , ", "*", "null", "https://app.example.com/", "app.example.com"])(
    "%s: no answer has a header of CORS",
    async (listed) => {
      const origins = [site, "null", "*", "https://app.example.com/"];
      for (const path of paths) {
        for (const from of origins) {
          const answers = [
            await ask("GET", path, { origin: from }, listed),
            await ask("OPTIONS", path, preflight(from), listed),
          ];
          for (const answer of answers) {
            expect(corsHeadersOf(answer)).toEqual([]);
            expect(answer.status).not.toBe(204);
          }
        }
      }
    },
  );
});

describe("a listed origin", () => {
  test.each([site, other])("%s reads answers of every status, without cookies", async (from) => {
    for (const path of paths) {
      const answer = await ask("GET", path, { origin: from }, setting);
      expect(Object.fromEntries(corsHeadersOf(answer))).toEqual({
        "access-control-allow-origin": from,
        "access-control-expose-headers":
          "Allow,Idempotent-Replayed,Location,Retry-After,WWW-Authenticate,X-Request-Id",
        vary: "Origin",
      });
      await checked("GET", path, answer);
    }
  });

  test("has its preflights answered, with the headers of every answer and without a body", async () => {
    for (const path of paths) {
      const answer = await ask("OPTIONS", path, preflight(site), setting);
      expect([answer.status, await answer.text()]).toEqual([204, ""]);
      expect(Object.fromEntries(corsHeadersOf(answer))).toMatchObject({
        "access-control-allow-origin": site,
        "access-control-allow-methods": "GET,HEAD,POST,DELETE",
        "access-control-allow-headers": "Authorization,Content-Type,Idempotency-Key,X-Request-Id",
        "access-control-max-age": "600",
      });
      const { headers } = answer;
      expect(headers.has("access-control-allow-credentials")).toBe(false);
      expect(headers.get("vary")).toContain("Origin");
      expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("strict-transport-security")).toContain("max-age=31536000");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
    }
  });

  test("may use every method that the document has", async () => {
    const { headers } = await ask("OPTIONS", "/users", preflight(site), setting);
    const allowed = (headers.get("access-control-allow-methods") ?? "").split(",");
    const methods = Object.values(document.paths).flatMap((operations) => Object.keys(operations));
    expect(allowed).toEqual(expect.arrayContaining(methods.map((one) => one.toUpperCase())));
  });

  test("gets an OPTIONS request that is no preflight refused as any other method", async () => {
    const answer = await ask("OPTIONS", "/users", { origin: site }, setting);
    expect(answer.status).toBe(405);
  });
});

describe("an origin that is not listed", () => {
  test.each([
    "https://app.example.com.evil.test",
    "https://evil.test",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://APP.example.com",
    "https://sub.app.example.com",
    "null",
    "",
    setting,
  ])("'%s' is told nothing but that answers vary", async (from) => {
    for (const path of paths) {
      const answer = await ask("GET", path, { origin: from }, setting);
      expect(corsHeadersOf(answer)).toEqual([["vary", "Origin"]]);
      await checked("GET", path, answer);
      const asked = await ask("OPTIONS", path, preflight(from), setting);
      expect([404, 405]).toContain(asked.status);
      expect(corsHeadersOf(asked)).toEqual([["vary", "Origin"]]);
      await checked("OPTIONS", path, asked);
    }
  });

  test("nor is a caller that is no browser", async () => {
    expect(corsHeadersOf(await ask("GET", "/health", {}, setting))).toEqual([["vary", "Origin"]]);
  });
});
