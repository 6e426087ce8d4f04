// Starts Swagger UI on the documentation page. In a file of its own, because the page's security
// policy allows no inline scripts. It asks for nothing but this service.

/** Follows the reader's choice of light and dark. */
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", paint);
paint();

/** All answers but the expected one take a line each until somebody wants to read them. */
function collapseResponses(Original, { React }) {
  return function CollapsedResponse(props) {
    const [open, setOpen] = React.useState(false);
    if (open || /^20[01]$/.test(props.code)) return React.createElement(Original, props);
    const codes = (props.response.get("description") ?? "").match(/`\w+`(?=:)/g) ?? [];
    return React.createElement(
      "tr",
      { className: "response collapsed-response", "data-code": props.code },
      React.createElement("td", { className: "response-col_status" }, props.code),
      React.createElement(
        "td",
        { className: "response-col_description", colSpan: 2 },
        React.createElement(
          "button",
          { type: "button", "aria-expanded": false, onClick: () => setOpen(true) },
          codes.map((code) => code.slice(1, -1)).join(", ") || "Not settled in time",
        ),
      ),
    );
  };
}

/** The licence by its name. Swagger UI links the identifier to a list of public ones, without it. */
function plainLicense(_Original, { React, specSelectors }) {
  return function License() {
    return React.createElement(
      "div",
      { className: "info__license" },
      specSelectors.selectLicenseNameField(),
    );
  };
}

const page = document.getElementById("swagger-ui");
const story = JSON.parse(page.dataset.story);

/** The example transfer has a receiver, which a fresh service does not know: in development, and
 *  for the unchanged example only, the page opens the receiver first. The page says so. */
async function openReceiver(request) {
  const { pathname } = new URL(request.url, location.href);
  const isTransfer = request.method === "POST" && pathname === story.transferPath;
  const key = request.headers?.["Idempotency-Key"];
  if (!isTransfer || key !== story.transferKey || !request.body?.includes(story.receiverId)) {
    return request;
  }
  const { mode } = await (await fetch("/health")).json();
  if (mode === "development") {
    await fetch(story.usersPath, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": story.receiverKey },
      body: JSON.stringify(story.receiver),
    });
  }
  return request;
}

SwaggerUIBundle({
  url: "/openapi.json",
  domNode: page,
  deepLinking: true,
  validatorUrl: null,
  requestInterceptor: openReceiver,
  plugins: [{ wrapComponents: { response: collapseResponses, OAS31License: plainLicense } }],
});
