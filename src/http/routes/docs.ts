// The documentation: Swagger UI, its assets, the list of error codes, the OpenAPI document. Works
// with no network: scripts/build-docs.mjs copies the assets from the installed package.
import { html } from "hono/html";
import type { App } from "../context.ts";
import { docsContentSecurityPolicy, pageHeaders } from "../middleware/security-headers.ts";
import { openApiDocument } from "../openapi.ts";
import { answerProblem, errorsPath, listProblems } from "../problem.ts";

const page = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Edge ledger: API</title>
      <link rel="icon" href="/docs/assets/favicon-32x32.png" />
      <link rel="stylesheet" href="/docs/assets/swagger-ui.css" />
    </head>
    <body>
      <div id="swagger-ui"></div>
      <script src="/docs/assets/swagger-ui-bundle.js"></script>
      <script src="/docs/assets/start.js"></script>
    </body>
  </html> `;

const errorsPage = html`<!doctype html>
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>Edge ledger: errors</title>
      <link rel="icon" href="/docs/assets/favicon-32x32.png" />
    </head>
    <body>
      <h1>Errors</h1>
      <p>
        In order of precedence: where several apply, the first is answered.
        <a href="/docs">Back to the API</a>
      </p>
      ${listProblems().map(
        ({ code, status, title, detail }) =>
          html`<h2 id="${code}"><code>${code}</code></h2>
            <p>${status} ${title}. ${detail}</p> `,
      )}
    </body>
  </html> `;

export function docs(app: App): void {
  app.get("/", (c) => c.redirect("/docs", 302));

  app.get("/docs", pageHeaders, (c) => {
    c.header("Content-Security-Policy", docsContentSecurityPolicy);
    return c.html(page);
  });

  app.get(errorsPath, pageHeaders, (c) => {
    c.header("Content-Security-Policy", docsContentSecurityPolicy);
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
