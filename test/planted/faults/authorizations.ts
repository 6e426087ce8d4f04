// Money that waits: what is reserved has one end, and comes to it.
import type { Area } from "../planted-fault.ts";

const rule = "src/domain/operations/authorization.ts";
const captureRule = "src/domain/operations/capture.ts";
const captureEdge = "src/http/operations/capture.ts";
const cancelEdge = "src/http/operations/cancellation.ts";
const saga = "src/domain/protocol/saga.ts";
const expirations = "src/durable-objects/transfer-log/expirations.ts";
const attempt = "src/durable-objects/transfer-log/attempt.ts";
const store = "src/durable-objects/transfer-log/store.ts";
const jobs = "src/durable-objects/transfer-log/alarm-jobs.ts";

const ofExpirations = ["test/durable-objects/transfer-log/expirations.test.ts"];
const ofUsers = ["test/http/access/authorizations.test.ts"];
const ofCaptures = ["test/http/capture-authorization/201.test.ts"];
const ofSagas = ["test/domain/saga.test.ts"];

export const authorizationFaults: Area = {
  area: "authorizations",
  faults: [
    {
      name: "end-claims-a-part",
      breaks: "An authorization has one end: it claims all of it.",
      file: rule,
      find: "claims: [{ account, key, amount,",
      replace: "claims: [{ account, key, amount: 1,",
      caughtBy: ["test/http/capture-authorization/409.test.ts"],
    },
    {
      name: "end-before-its-authorization",
      breaks: "Nothing ends an authorization that never took place.",
      file: rule,
      find: "accounts: [account] },",
      replace: "accounts: [] },",
      caughtBy: ["test/http/capture-authorization/422.test.ts"],
    },
    {
      name: "expires-in-milliseconds",
      breaks: "An authorization lives for as many seconds as it was given.",
      file: rule,
      find: "const expiresAt = createdAt + expiresIn * 1_000;",
      replace: "const expiresAt = createdAt + expiresIn;",
      caughtBy: ofExpirations,
    },
    {
      name: "capture-keeps-the-rest",
      breaks: "What is not captured is available to the payer again.",
      file: captureRule,
      find: "rest > 0",
      replace: "rest < 0",
      caughtBy: ofCaptures,
    },
    {
      name: "omitted-amount-is-the-full-one-sent",
      breaks: "An omitted amount is not the full amount sent.",
      file: captureRule,
      find: "[authorization.transactionId, amount ?? null]",
      replace: "[authorization.transactionId, amount ?? authorization.amount]",
      caughtBy: ["test/http/capture-authorization/422.test.ts"],
    },
    {
      name: "capture-outlives-its-authorization",
      breaks: "A capture that is asked for too late does not commit.",
      file: captureRule,
      find: "Math.min(usual, authorization.expiresAt)",
      replace: "usual",
      caughtBy: ofExpirations,
    },
    {
      name: "expiry-with-a-deadline",
      breaks: "An expiry takes place, however long its wallet does not answer.",
      file: "src/domain/operations/expiry.ts",
      find: "deadlineOf: () => undefined,",
      replace: "deadlineOf: (_request, usual) => usual,",
      caughtBy: ofExpirations,
    },
    {
      name: "winner-is-not-named-by-its-kind",
      breaks: "An end is refused in the words of the one that came first.",
      file: "src/domain/admission/claim.ts",
      find: "return ending ?? refusal;",
      replace: "return refusal;",
      caughtBy: ["test/domain/admission.test.ts"],
    },
    {
      name: "late-request-is-not-asked-about",
      breaks: "What comes too late is told what came first.",
      file: saga,
      find: "const isAskedOnce = isTooLate(row) && rounds === 0;",
      replace: "const isAskedOnce = isTooLate(row) && rounds > 0;",
      caughtBy: ofSagas,
    },
    {
      name: "late-request-commits",
      breaks: "What comes too late cannot commit.",
      file: saga,
      find: 'votes.event !== "some_no" && isTooLate(row)',
      replace: 'votes.event === "no_decision" && isTooLate(row)',
      caughtBy: ofSagas,
    },
    {
      name: "missing-deadline-has-passed",
      breaks: "A transaction without a deadline never expires.",
      file: saga,
      find: "deadline !== undefined && isDue(deadline, now, preparingMaxMs)",
      replace: "isDue(deadline ?? 0, now, preparingMaxMs)",
      caughtBy: ofSagas,
    },
    {
      name: "expiration-is-not-written",
      breaks: "The expiration is written with the decision.",
      file: attempt,
      find: "      store.insertExpiration(this.#row.id, expiresAt);\n",
      replace: "",
      caughtBy: ofExpirations,
    },
    {
      name: "expires-early",
      breaks: "An authorization never expires early.",
      file: store,
      find: "FROM expirations WHERE expires_at <= ?",
      replace: "FROM expirations WHERE expires_at <= ? + 1",
      caughtBy: ofExpirations,
    },
    {
      name: "latest-expires-first",
      breaks: "The earliest authorization expires first.",
      file: store,
      find: "      ORDER BY expires_at, id LIMIT CAST(? AS INTEGER)`",
      replace: "      ORDER BY expires_at DESC, id LIMIT CAST(? AS INTEGER)`",
      caughtBy: ofExpirations,
    },
    {
      name: "expiry-beside-another-end",
      breaks: "What has an end is not ended again: nothing is recorded.",
      file: expirations,
      find: "if (hasEnd || store.find(ending.id))",
      replace: "if (store.find(ending.id))",
      caughtBy: ofExpirations,
    },
    {
      name: "expiration-is-kept",
      breaks: "An expiration goes when its end is known.",
      file: expirations,
      find: "      store.deleteExpiration(due.id, due.expiresAt);\n",
      replace: "",
      caughtBy: ofExpirations,
    },
    {
      name: "unanswered-is-ended",
      breaks: "A wallet that does not answer has not said that there is an end.",
      file: expirations,
      find: "return false;",
      replace: "return true;",
      caughtBy: ofExpirations,
    },
    {
      name: "expiry-names-no-system",
      breaks: "An expiry is recorded as the service's own.",
      file: expirations,
      find: 'principal: "system"',
      replace: 'principal: "nobody"',
      caughtBy: ofExpirations,
    },
    {
      name: "expires-before-what-is-due",
      breaks: "Due transactions are driven before anything expires.",
      file: jobs,
      find: "[this.#driveJob(), new Expirations(parts), this",
      replace: "[new Expirations(parts), this.#driveJob(), this",
      caughtBy: ofExpirations,
    },
    {
      name: "reading-does-not-wake",
      breaks: "Reading an overdue authorization arms the alarm.",
      file: "src/durable-objects/transfer-log/reads.ts",
      find: "if (this.#isLate(found)) this.#parts.onOverdue();",
      replace: "",
      caughtBy: ofExpirations,
    },
    {
      name: "recovery-forgets-expirations",
      breaks: "An alarm that was lost is set again for what is to expire.",
      file: expirations,
      find: "return this.#parts.store.nextExpirationAt();",
      replace: "return undefined;",
      caughtBy: ofExpirations,
    },
    {
      name: "expiry-in-another-shard",
      breaks: "An expiry is kept by the log shard of what it ends.",
      file: "src/domain/ids.ts",
      find: "(BigInt(logShardOf(transactionId)) << 122n) | own",
      replace: "(BigInt(255) << 122n) | own",
      caughtBy: ["test/domain/ids.test.ts"],
    },
    {
      name: "payer-captures",
      breaks: "Only the receiver captures for itself.",
      file: captureEdge,
      find: "spends: toWalletId }",
      replace: "spends: fromWalletId }",
      caughtBy: ofUsers,
    },
    {
      name: "anybody-cancels",
      breaks: "A user cancels authorizations for the user's own wallet only.",
      file: cancelEdge,
      find: ", spends: toWalletId }",
      replace: " }",
      caughtBy: ofUsers,
    },
    {
      name: "capture-of-more",
      breaks: "No more is captured than is authorized.",
      file: captureEdge,
      find: "(asked.amount ?? 0) > authorization.amount",
      replace: "(asked.amount ?? 0) > authorization.amount + 1",
      caughtBy: ["test/http/capture-authorization/422.test.ts"],
    },
    {
      name: "receiver-sees-the-payers-lines",
      breaks: "A user sees of a transaction the lines of the user's own wallet.",
      file: captureEdge,
      find: "lines: lines.filter(({ account }) => account === walletId)",
      replace: 'lines: lines.filter(({ account }) => account !== "" || account === walletId)',
      caughtBy: ofUsers,
    },
    {
      name: "authorization-is-a-transfer",
      breaks: "What is to be captured by hand is only reserved.",
      file: "src/http/operations/transfer.ts",
      find: "capture === undefined",
      replace: 'capture === undefined || capture === "manual"',
      caughtBy: ["test/http/transfer-funds/authorization.test.ts"],
    },
    {
      name: "end-is-not-named",
      breaks: "Reading an authorization names what has ended it.",
      file: "src/http/standing.ts",
      find: "...(end && { end })",
      replace: "...(!end && { end })",
      caughtBy: ["test/http/transfer-funds/authorization.test.ts"],
    },
  ],
};
