// The audits: what an account, the outside world and a key ring are compared with.
import type { Area } from "../planted-fault.ts";

const differences = ["test/durable-objects/wallet/audit-differences.test.ts"];
const columns = ["test/durable-objects/wallet/audit-columns.test.ts"];
const anchors = ["test/durable-objects/transfer-log/anchors.test.ts"];
const claims = ["test/durable-objects/external-account/claims-in-audits.test.ts"];
const accounts = "src/durable-objects/account/audit.ts";
const legs = "src/durable-objects/account/leg-comparison.ts";
const wallets = "src/durable-objects/wallet/audit.ts";
const outside = "src/durable-objects/external-account/audit.ts";

export const auditFaults: Area = {
  area: "audit",
  faults: [
    {
      name: "unbounded-checkpoint",
      breaks: "A checkpoint beyond the last entry counts for nothing.",
      file: "migrations/wallet/0004_movements.sql",
      find: " WHERE sequence <= (SELECT max(sequence) FROM entries)",
      replace: "",
      caughtBy: ["test/durable-objects/wallet/checkpoints.test.ts"],
    },
    {
      name: "stray-checkpoints-unseen",
      breaks: "Every checkpoint row is audited, also one that has no entry.",
      file: wallets,
      find: 'if (sequence !== undefined) return { kind: "wrong_checkpoint", sequence };',
      replace: "void sequence;",
      caughtBy: differences,
    },
    {
      name: "counterparty-not-compared",
      breaks: "A re-chained entry with another counterparty is found.",
      file: legs,
      find: '  "counterparty",\n',
      replace: "",
      caughtBy: differences,
    },
    {
      name: "metadata-not-compared",
      breaks: "A re-chained entry with other metadata is found.",
      file: legs,
      find: '    return "metadata";',
      replace: "    return undefined;",
      caughtBy: differences,
    },
    {
      name: "anchors-not-compared",
      breaks: "A re-chained entry with another time is found by its anchor in the log.",
      file: legs,
      find: "anchor === undefined || anchor === anchorOf(entry.hash)",
      replace: 'anchor !== ""',
      caughtBy: differences,
    },
    {
      name: "committed-and-void",
      breaks: "The leg of a committed transaction is held or posted, never void.",
      file: legs,
      find: 'return kept && before.state !== "void" ? undefined : { kind: "missing_entry" };',
      replace: 'return kept || !record.settled ? undefined : { kind: "missing_entry" };',
      caughtBy: differences,
    },
    {
      name: "settled-and-held",
      breaks: "The leg of a settled transaction is posted.",
      file: legs,
      find: '(after?.state === "held" && !record.settled)',
      replace: 'after?.state === "held"',
      caughtBy: differences,
    },
    {
      name: "rejected-and-posted",
      breaks: "A posted entry is one that its log has committed.",
      file: legs,
      find: 'if (before.state === "posted" || after?.state === "posted") {',
      replace: "if (before.state === undefined) {",
      caughtBy: differences,
    },
    {
      name: "refusals-not-compared",
      breaks: "The refusal that a log has recorded of an account is the leg's.",
      file: legs,
      find: "return isOwn && leg.refusal !== JSON.stringify(refusal);",
      replace: "return isOwn && leg.refusal === null;",
      caughtBy: columns,
    },
    {
      name: "leg-content-not-compared",
      breaks: "A leg has the content that its log recorded.",
      file: legs,
      find: 'if (field) return { kind: "leg_differs_from_log", field };',
      replace: "void field;",
      caughtBy: differences,
    },
    {
      name: "identity-not-audited",
      breaks: "An account under another identity than its name's is found.",
      file: accounts,
      find: "account: id, shards: rules.shards",
      replace: "account: id",
      caughtBy: columns,
    },
    {
      name: "owner-not-audited",
      breaks: "An owner who is not the one that was opened is found.",
      file: wallets,
      find: 'if (fingerprintUser(profile) !== fingerprint) return "fingerprint";',
      replace: "void profile;",
      caughtBy: columns,
    },
    {
      name: "freezes-not-audited",
      breaks: "A freeze that is not what was asked for is found.",
      file: wallets,
      find: 'if (reason === null || fingerprintFreeze(act) !== fingerprint) return "fingerprint";',
      replace: "void act;",
      caughtBy: columns,
    },
    {
      name: "claims-not-audited",
      breaks: "Every claim of a payment reference is that of its leg.",
      file: outside,
      find: 'if (!isKept(claim)) return { kind: "wrong_claim", transactionId };',
      replace: "void transactionId;",
      caughtBy: claims,
    },
    {
      name: "claims-without-a-leg-pass",
      breaks: "A claim that no leg stands behind is found.",
      file: outside,
      find: "if (claim.open === null) return false;",
      replace: "if (claim.open === null) return true;",
      caughtBy: claims,
    },
    {
      name: "claims-of-other-references-pass",
      breaks: "A claim names the payment reference of its leg's entry.",
      file: outside,
      find: "entryProvider === provider && entryReference === reference;",
      replace: 'entryProvider !== "" && entryReference !== "";',
      caughtBy: claims,
    },
    {
      name: "keys-not-audited",
      breaks: "An API key that may do more than was asked for is found.",
      file: "src/durable-objects/key-ring/audit.ts",
      find: 'return fingerprintApiKey(request) === fingerprint ? undefined : "fingerprint";',
      replace: "return request.name === undefined ? fingerprint : undefined;",
      caughtBy: ["test/http/audit-api-keys/200.test.ts"],
    },
    {
      name: "no-anchors",
      breaks: "The log keeps the beginning of the hash of every entry.",
      file: "src/durable-objects/transfer-log/attempt.ts",
      find: "reply?.acknowledged && reply.entryHash !== undefined ? anchorOf(reply.entryHash) : null",
      replace: 'reply?.acknowledged && reply.entryHash === "" ? anchorOf(reply.entryHash) : null',
      caughtBy: anchors,
    },
    {
      name: "posted-leg-without-entry-acknowledged",
      breaks: "A posted leg whose entry is gone is a fault and not acknowledged again.",
      file: "src/durable-objects/account/core.ts",
      find: 'if (hash === undefined) return this.#fault(call, "the entry of a posted leg is gone");',
      replace: "if (hash === undefined) return { acknowledged: true };",
      caughtBy: anchors,
    },
    {
      name: "audits-ask-in-one-batch",
      breaks: "A log shard is asked about at most 500 legs at once.",
      file: accounts,
      find: "batches.push(all.slice(first, first + auditBatchMax));",
      replace: "if (first === 0) batches.push([...all]);",
      caughtBy: ["test/simulation/audits-without-timers.test.ts"],
    },
  ],
};
