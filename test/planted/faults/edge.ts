// Between client and objects: repeats, what is believed of API keys, partial answers.
import type { Area } from "../planted-fault.ts";

const findByReference = "src/http/routes/find-by-reference.ts";
const stubs = "src/durable-objects/rpc/stubs.ts";
const cache = "src/http/credentials/key-cache.ts";
const unsettled = "src/http/ask-shards.ts";

const faults = ["test/durable-objects/faults/edge.test.ts"];
const keys = ["test/http/access/api-keys.test.ts"];
const listed = ["test/http/list-unsettled-transactions/503.test.ts"];

const ofEntries = ["test/http/get-transaction/entries.test.ts"];

export const edgeFaults: Area = {
  area: "edge",
  faults: [
    {
      name: "entries-of-others-are-shown",
      breaks: "A user's token is never shown the balance of another wallet.",
      file: "src/http/entry-places.ts",
      find: '!isOutside(account) && mayUseWallet(c.get("principal"), account)',
      replace: "!isOutside(account)",
      caughtBy: ofEntries,
    },
    {
      name: "entries-in-the-order-of-the-request",
      breaks: "A leg shows the entry of its own line: debits are posted first.",
      file: "src/http/entry-places.ts",
      find: "const posted = debitsFirst(ofWallet);",
      replace: "const posted = ofWallet;",
      caughtBy: ofEntries,
    },
    {
      name: "entries-that-nobody-asked-for",
      breaks: "Reading a transaction asks no account for what is not wanted.",
      file: "src/http/read-details.ts",
      find: "withEntries ? readEntryPlaces(c, found) : undefined",
      replace: "withEntries || true ? readEntryPlaces(c, found) : undefined",
      caughtBy: ofEntries,
    },
    {
      name: "unanswered-is-not-posted",
      breaks: "A wallet that does not answer is a fault, and never a leg without an entry.",
      file: "src/http/entry-places.ts",
      find: "readEntries(call));",
      replace: "readEntries(call)).catch(() => ({ ok: true as const, entries: [] }));",
      caughtBy: ofEntries,
    },
    {
      name: "entries-of-a-leg-backwards",
      breaks: "The entries of a leg are told in their order.",
      file: "src/durable-objects/wallet/history.ts",
      find: "return withBalances(sums, rows, new Set(rows)).toReversed();",
      replace: "return withBalances(sums, rows, new Set(rows));",
      caughtBy: ofEntries,
    },
    {
      name: "reference-of-what-was-rejected",
      breaks: "A rejected transaction has not used its reference.",
      file: findByReference,
      find: 'found && found.state !== "rejected" ? found : undefined',
      replace: "found",
      caughtBy: ["test/http/list-transactions/by-reference.test.ts"],
    },
    {
      name: "references-are-told-to-users",
      breaks: "Only back ends look transactions up by a reference.",
      file: findByReference,
      find: "if (userId !== undefined) return answerForbidden(c, []);",
      replace: 'if (userId === "") return answerForbidden(c, []);',
      caughtBy: ["test/http/list-transactions/403.test.ts"],
    },
    {
      name: "payout-looked-up-as-a-payment",
      breaks: "A payout reference finds the transaction that took the money out.",
      file: "src/domain/operations/operation.ts",
      find: "? paymentClaim(payment) : payoutClaim(payment);",
      replace: '? paymentClaim(payment) : payoutClaim({ ...payment, payoutReference: "" });',
      caughtBy: ["test/http/list-transactions/by-reference.test.ts"],
    },
    {
      name: "filters-beside-a-reference",
      breaks: "A parameter that would change nothing is refused.",
      file: "src/http/schemas/transactions-query.ts",
      find: ': refused(ofHistory, "Only with walletId.")',
      replace: ": []",
      caughtBy: ["test/http/list-transactions/400.test.ts"],
    },
    {
      name: "reference-and-wallet-at-once",
      breaks: "A question about a reference and a wallet at once is refused.",
      file: "src/http/schemas/transactions-query.ts",
      find: '    ...refused(others, `Only one of ${subjects.join(", ")}.`),\n',
      replace: "",
      caughtBy: ["test/http/list-transactions/400.test.ts"],
    },
    {
      name: "looking-for-a-reference-in-no-tables",
      breaks: "A reference that was never used is not found.",
      file: "src/durable-objects/account/claim-readings.ts",
      find: "  if (!account.exists(call.tenant, call.account)) return { posted: [], held: [] };\n",
      replace: "",
      caughtBy: ["test/http/list-transactions/by-reference.test.ts"],
    },
    {
      name: "edge-does-not-repeat",
      breaks: "An unreachable object is called three times.",
      file: stubs,
      find: "for (let repeats = 2; ; repeats--) {",
      replace: "for (let repeats = 0; ; repeats--) {",
      caughtBy: faults,
    },
    {
      name: "edge-repeats-to-the-overloaded",
      breaks: "An overloaded object is called once.",
      file: stubs,
      find: 'error instanceof CallFailed && error.failure === "unreachable"',
      replace: 'error instanceof CallFailed && error.failure !== "broken"',
      caughtBy: faults,
    },
    {
      name: "nonce-of-every-call",
      breaks: "All repeats of one HTTP request have its nonce.",
      file: "src/http/submission.ts",
      find: ".submit(call)",
      replace: ".submit({ ...call, ...writeCallOf(c) })",
      caughtBy: faults,
    },
    {
      name: "nonce-is-not-recorded",
      breaks: "A transaction records the nonce of its request.",
      file: "src/durable-objects/transfer-log/recorder.ts",
      find: "const from = { principal, requestId, ...(nonce !== undefined && { nonce }) };",
      replace: "const from = { principal, requestId, ...(nonce !== nonce && { nonce }) };",
      caughtBy: faults,
    },
    {
      name: "older-reading-of-a-key-is-believed",
      breaks: "Of two readings of a key the newer is believed.",
      file: cache,
      find: "if (kept && (kept.readAt > readAt || (kept.key.revoked && !key?.revoked))) return kept.key;",
      replace: "",
      caughtBy: keys,
    },
    {
      name: "older-reading-of-an-unrevoked-key",
      breaks: "A revocation outweighs what was asked in the same moment.",
      file: cache,
      find: "kept.readAt > readAt || (kept.key.revoked && !key?.revoked)",
      replace: "kept.readAt > readAt",
      caughtBy: keys,
    },
    {
      name: "key-is-believed-from-its-answer-on",
      breaks: "A key is believed from the moment on at which it was asked for.",
      file: cache,
      find: "return this.#note(keyId, await read(), readAt);",
      replace: "return this.#note(keyId, await read(), this.#clock.now());",
      caughtBy: keys,
    },
    {
      name: "one-shard-hides-the-others",
      breaks: "A shard that does not answer hides nothing of what the others know.",
      file: unsettled,
      find: "if (answers.length === 0) throw failures[0];",
      replace: "if (failures.length > 0) throw failures[0];",
      caughtBy: listed,
    },
    {
      name: "silence-is-good-news",
      breaks: "Where no shard answers there is no list.",
      file: unsettled,
      find: "if (answers.length === 0) throw failures[0];",
      replace: "",
      caughtBy: listed,
    },
    {
      name: "missing-shards-are-not-counted",
      breaks: "Shards that did not answer are counted.",
      file: unsettled,
      find: "unreachableShards: failures.length };",
      replace: "unreachableShards: 0 * failures.length };",
      caughtBy: listed,
    },
  ],
};
