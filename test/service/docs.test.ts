// Guarantee: the documentation page works in a real browser and with no network but the service
// itself: it shows every operation, loads nothing from elsewhere and keeps its own content policy.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type Locator, type Page } from "playwright-core";
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

/** The most that an executed operation may take of the page, in px: three screens. */
const executedHeightMax = 3_300;

/** Tries an operation with what is filled in; its method, path and the status of the answer. */
async function execute(operation: Locator): Promise<string> {
  const [method, path] = await Promise.all([
    operation.locator(".opblock-summary-method").innerText(),
    operation.locator(".opblock-summary-path").innerText(),
  ]);
  await operation.locator(".opblock-summary-control").click();
  await operation.locator(".try-out__btn").click();
  await operation.locator(".execute").click();
  const status = operation.locator(".live-responses-table tbody .response-col_status").first();
  const name = `${method} ${path.replaceAll("\u200b", "")}`;
  const answer = `${name} ${(await status.innerText()).split("\n")[0]?.trim()}`;
  const height = (await operation.boundingBox())?.height ?? Infinity;
  expect(height, `${name}: height`).toBeLessThan(executedHeightMax);
  await operation.locator(".opblock-summary-control").click();
  return answer;
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

      const links = await page.locator("a[href^=http]").all();
      const targets = await Promise.all(links.map((link) => link.getAttribute("href")));
      expect(targets.filter((target) => !target?.startsWith(service.origin))).toEqual([]);

      const transfer = page.locator(".opblock", { hasText: "/transactions/transfer" });
      await transfer.locator(".opblock-summary-control").click();
      await transfer.locator(".opblock-body .responses-table").waitFor();
      const errors = transfer.locator(".collapsed-response", { hasText: "insufficient_funds" });
      await errors.locator("button").click();
      await errors.waitFor({ state: "detached" });
      expect(await transfer.locator(".opblock-body").innerText()).toContain("available balance");

      const health = page.locator(".opblock", { has: page.locator("[data-path='/health']") });
      await health.locator(".opblock-summary-control").click();
      await health.locator(".try-out__btn").click();
      await health.locator(".execute").click();
      await health.locator(".live-responses-table").waitFor();
      expect(await health.locator(".live-responses-table").innerText()).toContain('"status": "ok"');
      expect(complaints).toEqual([]);
    },
  );

  test(
    "executed from top to bottom as they are filled in, all operations but the ends of an authorization succeed on a fresh service",
    { timeout: 400_000 },
    async () => {
      const fresh = await startLocalService();
      const page = await browser.newPage();
      page.setDefaultTimeout(60_000);
      const complaints = watch(page, fresh.origin);
      try {
        await page.goto(`${fresh.origin}/docs`, { waitUntil: "networkidle" });
        await page.locator(".opblock").first().waitFor();
        const answers: string[] = [];
        for (const operation of await page.locator(".opblock").all()) {
          answers.push(await execute(operation));
        }
        expect(answers.length).toBeGreaterThanOrEqual(16);
        const others = answers.filter((answer) => !/ 20[01]$/.test(answer));
        // What is filled in names a transfer, which reserves no money.
        const ends = ["capture", "cancel"];
        expect(others).toEqual(ends.map((end) => `POST /transactions/{id}/${end} 422`));
        const isOfAnEnd = (complaint: string) =>
          /got 422 for \S+\/(capture|cancel)$/.test(complaint);
        const isOfItsStatus = (complaint: string) => complaint.includes("status of 422");
        expect(complaints.filter(isOfAnEnd)).toHaveLength(ends.length);
        expect(complaints.filter(isOfItsStatus)).toHaveLength(ends.length);
        expect(complaints).toHaveLength(2 * ends.length);
      } finally {
        await page.close();
        await fresh.stop();
      }
    },
  );

  test.each(["/docs", "/docs/errors"])(
    "%s looks different in light and in dark, and fits a phone",
    { timeout: 60_000 },
    async (path) => {
      const colours: string[] = [];
      for (const colorScheme of ["light", "dark"] as const) {
        const size = { width: 390, height: 844 };
        const page = await browser.newPage({ colorScheme, viewport: size });
        page.setDefaultTimeout(20_000);
        await page.goto(`${service.origin}${path}`, { waitUntil: "networkidle" });
        colours.push(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
          size.width,
        );
        await page.close();
      }
      expect(colours).toEqual(["rgb(250, 250, 250)", "rgb(28, 32, 34)"]);
    },
  );
});
