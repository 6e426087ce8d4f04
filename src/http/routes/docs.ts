// The documentation: Swagger UI, its assets, the list of error codes, the OpenAPI document. Works
// offline: scripts/build-docs.mjs copies the assets from the installed package.
import type { App } from "../context.ts";
import { docsContentSecurityPolicy, pageHeaders } from "../middleware/security-headers.ts";
import { openApiDocument } from "../openapi.ts";
import { apiPage, renderErrorsPage } from "../pages.ts";
import { answerProblem, errorsPath } from "../problem.ts";

export function docs(app: App): void {
  app.get("/", (c) => c.redirect("/docs", 302));

  app.get("/docs", pageHeaders, (c) => {
    c.header("Content-Security-Policy", docsContentSecurityPolicy);
    return c.html(apiPage);
  });

  let errorsPage: ReturnType<typeof renderErrorsPage> | undefined;
  app.get(errorsPath, pageHeaders, (c) => {
    c.header("Content-Security-Policy", docsContentSecurityPolicy);
    errorsPage ??= renderErrorsPage(openApiDocument(app));
    return c.html(errorsPage);
  });

  app.get("/docs/assets/:file{[a-z0-9.-]+}", async (c) => {
    const file = new URL(`/${c.req.param("file")}`, c.req.url);
    const asset = await c.env.ASSETS.fetch(file);
    if (!asset.ok) return answerProblem(c, "not_found");
    return new Response(asset.body, asset);
  });

  let document: string | undefined;
  app.get("/openapi.json", (c) => {
    document ??= JSON.stringify(openApiDocument(app));
    return c.body(document, 200, { "content-type": "application/json" });
  });
}
