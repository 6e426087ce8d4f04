// The edge: who gets in, what is read, and what is answered.
import type { Area } from "../planted-fault.ts";

const access = "src/http/access.ts";
const authenticating = "src/http/middleware/authenticate.ts";
const settings = "src/http/credentials/settings.ts";
const tokens = "src/http/credentials/user-tokens.ts";
const keyHeader = "src/http/middleware/idempotency-key.ts";
const json = "src/http/strict-json.ts";
const submission = "src/http/submission.ts";
const render = "src/http/render.ts";
const cursor = "src/http/cursor.ts";
const stubs = "src/durable-objects/rpc/stubs.ts";
const ofTokens = ["test/http/access/user-tokens.test.ts", "test/http/any-route/401.test.ts"];
const users = ["test/http/access/users.test.ts"];
const strict = ["test/http-pure/strict-json.test.ts"];
const ofStubs = ["test/durable-objects/rpc/stubs.test.ts"];

export const httpFaults: Area = {
  area: "http",
  faults: [
    {
      name: "users-see-every-wallet",
      breaks: "A user uses its own wallet only.",
      file: access,
      find: "userId === undefined || userIdOfWallet(walletId) === userId",
      replace: 'userId === undefined || walletId !== ""',
      caughtBy: users,
    },
    {
      name: "users-see-every-transaction",
      breaks: "A user sees the transactions of its own wallet only.",
      file: access,
      find: "legs.some(({ account }) => mayUseWallet(principal, account))",
      replace: 'legs.some(({ account }) => account !== "" && principal.id !== "")',
      caughtBy: users,
    },
    {
      name: "unlisted-routes-are-open",
      breaks: "A route that is not in the table answers no caller.",
      file: access,
      find: "if (access === undefined) return false;",
      replace: "if (access === undefined) return true;",
      caughtBy: ["test/http-pure/access.test.ts"],
    },
    {
      name: "any-scope-will-do",
      breaks: "A caller needs the scope of the route.",
      file: access,
      find: 'return access === "public" || principal.scopes.includes(access);',
      replace: 'return access === "public" || principal.scopes.length > 0;',
      caughtBy: ["test/http/any-route/403.test.ts"],
    },
    {
      name: "users-share-their-keys",
      breaks: "A user's idempotency keys are the user's own.",
      file: keyHeader,
      find: "return userId === undefined ? key : `${userId} ${key}`;",
      replace: "return userId === undefined ? key : key.slice(0);",
      caughtBy: users,
    },
    {
      name: "quoted-keys-are-others",
      breaks: "The quoted form of a key names the same key as the bare one.",
      file: keyHeader,
      find: "const key = content ?? header;",
      replace: "const key = header;",
      caughtBy: ["test/http-pure/idempotency-key.test.ts"],
    },
    {
      name: "keys-of-any-length",
      breaks: "A key has at most 255 characters.",
      file: keyHeader,
      find: "|| key.length > idempotencyKeyLengthMax",
      replace: "",
      caughtBy: ["test/http-pure/idempotency-key.test.ts"],
    },
    {
      name: "development-under-any-name",
      breaks: "Development mode answers local names only.",
      file: settings,
      find: "isDevelopment(env) && localName.test(new URL(requestUrl).hostname)",
      replace: 'isDevelopment(env) && (localName.test("localhost") || requestUrl !== "")',
      caughtBy: ["test/http/any-route/503-closed.test.ts"],
    },
    {
      name: "tokens-of-another-issuer",
      breaks: "A token is of the issuer that is trusted.",
      file: tokens,
      find: "        issuer: trust.issuer,\n",
      replace: "",
      caughtBy: ofTokens,
    },
    {
      name: "credential-before-the-limit",
      breaks: "A credential is limited.",
      file: authenticating,
      find: "if (await isOverLimit(limits.CREDENTIAL_LIMIT, `${principal.tenant} ${principal.id}`)) {",
      replace: "if (await isOverLimit(undefined, `${principal.tenant} ${principal.id}`)) {",
      caughtBy: ["test/http/any-route/429.test.ts"],
    },
    {
      name: "repeated-names-are-taken",
      breaks: "A body with a name twice is refused.",
      file: json,
      find: 'else if (seen?.has(name)) refusal ??= malformed(path, "The field is given twice.");',
      replace: "",
      caughtBy: strict,
    },
    {
      name: "numbers-of-any-spelling",
      breaks: "A number is a plain integer.",
      file: json,
      find: "const plainInteger = /^(0|-?[1-9][0-9]*)$/;",
      replace: "const plainInteger = /^(0|-?[1-9][0-9]*)(\\.0)?$/;",
      caughtBy: strict,
    },
    {
      name: "integers-are-rounded",
      breaks: "An integer over 2^53 - 1 is refused.",
      file: json,
      find: "return Number.isSafeInteger(Number(spelling))",
      replace: "return Number.isInteger(Number(spelling))",
      caughtBy: strict,
    },
    {
      name: "plain-bodies-hide-lone-surrogates",
      breaks: "A text is well-formed.",
      file: json,
      find: 'if (typeof value === "string") return value.isWellFormed();',
      replace: 'if (typeof value === "string") return true;',
      caughtBy: strict,
    },
    {
      name: "pending-is-201",
      breaks: "201 is answered after every leg is posted.",
      file: submission,
      find: "return c.json(body, pending ? 202 : 201);",
      replace: "return c.json(body, 201);",
      caughtBy: ["test/http/transfer-funds/202.test.ts"],
    },
    {
      name: "replays-are-not-told",
      breaks: "An answer to a request that did not create the row says so.",
      file: submission,
      find: 'if (replayed) c.header("Idempotent-Replayed", "true");',
      replace: "",
      caughtBy: ["test/http/idempotency/replay.test.ts"],
    },
    {
      name: "impossible-wallet-is-submitted",
      breaks: "A key that is known is reused, also with an impossible wallet.",
      file: submission,
      find: 'found.ok ? "idempotency_key_reused" : "wallet_not_found"',
      replace: '"wallet_not_found"',
      caughtBy: ["test/http/fund-wallet/422.test.ts"],
    },
    {
      name: "pending-body-says-committed",
      breaks: "Until every account has posted, a client is told `pending`.",
      file: render,
      find: 'pending ? "pending" : statusOf(record.state)',
      replace: "statusOf(record.state)",
      caughtBy: ["test/http-pure/render.test.ts", "test/http/transfer-funds/202.test.ts"],
    },
    {
      name: "keys-of-a-body-in-another-order",
      breaks: "A replay is byte-identical at any age.",
      file: "src/http/operations/funding.ts",
      find: "    walletId: request.walletId,\n    paymentReference: request.paymentReference,\n",
      replace: "    paymentReference: request.paymentReference,\n    walletId: request.walletId,\n",
      caughtBy: ["test/http/golden.test.ts"],
    },
    {
      name: "principals-are-shown-to-all",
      breaks: "Operators only see who asked for a transaction.",
      file: render,
      find: "...(reader.isOperator && principal !== undefined",
      replace: "...(principal !== undefined",
      caughtBy: ["test/http-pure/render.test.ts"],
    },
    {
      name: "cursor-of-another-wallet",
      breaks: "A cursor is bound to its wallet.",
      file: cursor,
      find: "    walletId,\n    filter.currency",
      replace: "    filter.currency",
      caughtBy: ["test/http-pure/cursor.test.ts"],
    },
    {
      name: "cursor-of-another-tenant",
      breaks: "A cursor is bound to its tenant.",
      file: cursor,
      find: "    tenant,\n    walletId,\n    filter",
      replace: "    walletId,\n    filter",
      caughtBy: ["test/http-pure/cursor.test.ts"],
    },
    {
      name: "overload-is-repeated",
      breaks: "An overloaded object is not called again at once.",
      file: stubs,
      find: 'if (flags.overloaded) return new CallFailed("overloaded", error);',
      replace: "",
      caughtBy: ofStubs,
    },
    {
      name: "bugs-are-unreachable-objects",
      breaks: "An object that throws is a bug and not an outage.",
      file: stubs,
      find: "if (flags.remote && !flags.retryable)",
      replace: "if (flags.remote && flags.overloaded)",
      caughtBy: ofStubs,
    },
    {
      name: "one-stub-for-all-repeats",
      breaks: "Each call is made through a fresh stub.",
      file: stubs,
      find: "    const name = accountObjectName(tenant, address);\n",
      replace:
        "    const name = accountObjectName(tenant, address);\n    const stub = objects.getByName(name);\n",
      caughtBy: ofStubs,
    },
    {
      name: "slow-bodies-are-waited-for",
      breaks: "A body that does not arrive is waited for no longer than for an answer.",
      file: "src/http/body-reader.ts",
      find: "withTimeout(clock, readAll(reader), bodyArrivalMaxMs)",
      replace: "readAll(reader)",
      caughtBy: ["test/http-pure/body-reader.test.ts"],
    },
    {
      name: "long-bodies-are-read",
      breaks: "A body over the limit is refused.",
      file: "src/http/body-reader.ts",
      find: "return length > bodyBytesMax\n",
      replace: "return length > bodyDrainBytesMax\n",
      caughtBy: ["test/http-pure/body-reader.test.ts"],
    },
    {
      name: "load-without-a-limit",
      breaks: "An isolate serves a bounded number of requests at once.",
      file: "src/http/middleware/limit-load.ts",
      find: 'if (inProgress.size >= max) return answerProblem(c, "overloaded");',
      replace: "",
      caughtBy: ["test/http-pure/limit-load.test.ts"],
    },
    {
      name: "secrets-in-logs",
      breaks: "What looks like a secret is blanked in logs.",
      file: "src/platform/log.ts",
      find: 'unquoted.replace(sensitive, "$1$2[redacted]")',
      replace: "unquoted",
      caughtBy: ["test/platform/log.test.ts"],
    },
    {
      name: "quoted-input-in-logs",
      breaks: "What an error quotes of its input is blanked in logs.",
      file: "src/platform/log.ts",
      find: "const unquoted = text.replace(quoted, '\"...\"');",
      replace: "const unquoted = text;",
      caughtBy: ["test/platform/log.test.ts"],
    },
  ],
};
