// Guarantee: the documentation page works in a real browser and with no network but the service
// itself: it shows every operation, asks nobody else for anything and breaks no rule of its own.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startLocalService, type LocalService } from "../support/local-service.ts";

const flags =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run " +
  "--disable-background-networking --disable-component-update --disable-sync";

function findChromium(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const candidates = [process.env["CHROMIUM_PATH"], ...folders.map((dir) => join(dir, "chromium"))];
  return candidates.find((path) => path !== undefined && path !== "" && existsSync(path));
}

const executablePath = findChromium();
if (executablePath === undefined) {
  // Straight to the terminal: the runner shows the console of failed tests only.
  process.stderr.write(
    "\nSKIPPED, no browser: put `chromium` on PATH or its path into CHROMIUM_PATH.\n",
  );
}

/** Everything that a page does and should not do, in the order of its happening. */
function watch(page: Page, origin: string): readonly string[] {
  const complaints: string[] = [];
  page.on("request", (request) => {
    const { protocol, origin: target } = new URL(request.url());
    if (target !== origin && protocol !== "data:") complaints.push(`asked for ${request.url()}`);
  });
  page.on("response", (response) => {
    if (!response.ok()) complaints.push(`got ${response.status()} for ${response.url()}`);
  });
  page.on("requestfailed", (request) => complaints.push(`could not get ${request.url()}`));
  page.on("pageerror", (error) => complaints.push(`threw ${error.message}`));
  page.on("console", (message) => {
    // Violations of the content security policy are reported here, too.
    if (message.type() === "error") complaints.push(`complained: ${message.text()}`);
  });
  return complaints;
}

describe.skipIf(executablePath === undefined)("/docs", () => {
  let service: LocalService;
  let browser: Browser;

  beforeAll(async () => {
    const args = flags.split(" ");
    [service, browser] = await Promise.all([
      startLocalService(),
      chromium.launch({ executablePath: executablePath ?? "", args }),
    ]);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  test(
    "shows and tries operations and leaves its origin for nothing",
    { timeout: 60_000 },
    async () => {
      const page = await browser.newPage();
      page.setDefaultTimeout(20_000);
      const complaints = watch(page, service.origin);
      const response = await page.goto(`${service.origin}/docs`, { waitUntil: "networkidle" });
      expect(complaints).toEqual([]);

      expect(response?.headers()["content-security-policy"]).toContain("default-src");
      const { paths } = (await (await fetch(`${service.origin}/openapi.json`)).json()) as {
        paths: Record<string, object>;
      };
      const operations = Object.values(paths).flatMap((path) => Object.keys(path));
      await page.locator(".opblock").first().waitFor();
      expect(await page.locator(".opblock").count()).toBe(operations.length);

      const transfer = page.locator(".opblock", { hasText: "/transactions/transfer" });
      await transfer.locator(".opblock-summary-control").click();
      await transfer.locator(".opblock-body .responses-table").waitFor();
      expect(await transfer.locator(".opblock-body").innerText()).toContain("insufficient_funds");

      const health = page.locator(".opblock", { hasText: "Is the service alive?" });
      await health.locator(".opblock-summary-control").click();
      await health.locator(".try-out__btn").click();
      await health.locator(".execute").click();
      await health.locator(".live-responses-table").waitFor();
      expect(await health.locator(".live-responses-table").innerText()).toContain('"status": "ok"');
      expect(complaints).toEqual([]);
    },
  );
});
