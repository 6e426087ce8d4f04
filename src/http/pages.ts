// The two HTML pages: the API reference (Swagger UI) and the list of error codes. Without inline
// styles or scripts, which the pages' content security policy forbids.
import { html } from "hono/html";
import { problemCodes, type ProblemCode } from "../domain/errors.ts";
import { errorGuide, keyFates } from "./error-guide.ts";
import { errorsPath, problemBody, wordings } from "./problem.ts";
import { transfer } from "./operations/transfer.ts";
import * as examples from "./schemas/examples.ts";

type Html = ReturnType<typeof html>;

/** The part of the OpenAPI document that the page of errors needs. */
export interface Documented {
  readonly paths?: Readonly<Record<string, object>>;
}

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, unknown>> }>
  >;
}

/** An operation that answers a code, and what it then says. */
interface Answering {
  readonly operationId: string;
  readonly tag: string;
  readonly example: object;
}

/** For the page's script: the receiver of the example transfer, and how it is known. */
const story = JSON.stringify({
  transferPath: transfer.path,
  transferKey: transfer.example.key,
  usersPath: "/users",
  receiverId: examples.benWalletId,
  receiverKey: examples.exampleKeys.ben,
  receiver: examples.ben,
});

function pageOf(title: string, more: Html, content: Html): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Edge ledger: ${title}</title>
        <link rel="icon" href="/docs/assets/favicon-32x32.png" />
        ${more}
        <link rel="stylesheet" href="/docs/assets/docs.css" />
      </head>
      <body>
        <header class="bar">
          <strong>Edge ledger</strong>
          <a href="/docs">API</a>
          <a href="${errorsPath}">Errors</a>
          <a href="/openapi.json">OpenAPI document</a>
        </header>
        ${content}
      </body>
    </html> `;
}

export const apiPage = pageOf(
  "API",
  html`<link rel="stylesheet" href="/docs/assets/swagger-ui.css" />`,
  html`<p class="note">
      Each code of an error is explained at <a href="${errorsPath}">Errors</a>. On a fresh service
      in development, "Try it out" works from top to bottom with what is filled in: ids derive from
      keys, and each example has its own. The receiver of the example transfer is a second user,
      whom this page creates, in development only, before it sends that transfer.
    </p>
    <div id="swagger-ui" data-story="${story}"></div>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/docs/assets/start.js"></script>`,
);

/** The operations that answer each code, found by the examples of their answers. */
function answeringOf(document: Documented): ReadonlyMap<string, readonly Answering[]> {
  const found = new Map<string, Answering[]>();
  const operations = Object.values(document.paths ?? {}).flatMap(
    (item) => Object.values(item) as Operation[],
  );
  for (const { operationId, tags, responses } of operations) {
    for (const { content } of Object.values(responses)) {
      const problem = content?.["application/problem+json"] as
        { readonly examples: Readonly<Record<string, { readonly value: object }>> } | undefined;
      for (const [code, { value }] of Object.entries(problem?.examples ?? {})) {
        const answering = { operationId, tag: tags[0] ?? "", example: value };
        found.set(code, [...(found.get(code) ?? []), answering]);
      }
    }
  }
  return found;
}

/** Text in which `code` stands in backticks. */
function prose(text: string): Html {
  const parts = text.split("`");
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

function linkTo({ tag, operationId }: Answering): Html {
  return html`<a href="/docs#/${tag}/${operationId}">${operationId}</a> `;
}

function section(code: ProblemCode, answering: readonly Answering[]): Html {
  const { status, title } = wordings[code];
  const { happened, remedy, key, exception } = errorGuide[code];
  const anywhere = code === "not_found" || code === "method_not_allowed";
  const example =
    answering[0]?.example ??
    problemBody(code, { path: "/transactions/transfer", requestId: examples.requestId });
  return html`<section id="${code}">
    <h2><code>${code}</code> <span>${status} ${title}</span></h2>
    <dl>
      <dt>What happened</dt>
      <dd>${prose(happened)}</dd>
      <dt>What to do</dt>
      <dd>${prose(remedy)}</dd>
      <dt>May the key be used again?</dt>
      <dd>${prose([keyFates[key], exception].join(" "))}</dd>
      <dt>Answered by</dt>
      <dd>${anywhere ? "Any address. " : ""}${answering.map(linkTo)}</dd>
    </dl>
    <details>
      <summary>Example</summary>
      <pre>${JSON.stringify(example, null, 2)}</pre>
    </details>
  </section> `;
}

export function renderErrorsPage(document: Documented): Html {
  const answering = answeringOf(document);
  return pageOf(
    "errors",
    html``,
    html`<main class="errors">
      <h1>Errors</h1>
      <p>
        Every error is an <code>application/problem+json</code> body, as RFC 9457 describes it;
        <code>code</code> is for programs. The codes are in order of precedence: where several
        apply, the first is answered.
      </p>
      ${problemCodes.map((code) => section(code, answering.get(code) ?? []))}
    </main>`,
  );
}
