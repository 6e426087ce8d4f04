// Faults to plant before the service is built: a crash test that cannot fail proves nothing.
// `npm run test:crash -- --fault NAME` must end with exit code 1. Edits of a scratch copy of the
// sources, of the form of test/planted: `npm test` checks that each still fits. Never part of a build.
import type { Edit } from "../planted/planted-fault.ts";

interface CrashFault {
  /** The promise that no longer holds. */
  readonly breaks: string;
  readonly edits: readonly Omit<Edit, "name">[];
}

const accountFile = "src/durable-objects/account/core.ts";

const plantedFaults: Readonly<Record<string, CrashFault>> = {
  reference_not_claimed: {
    breaks: "a payment reference is claimed by the hold",
    edits: [
      {
        file: accountFile,
        find: "for (const claim of claims) this.store.insertClaim(claim, transactionId);",
        replace: "",
      },
    ],
  },
  held_funds_are_free: {
    breaks: "held debits cannot be spent again",
    edits: [
      {
        file: "src/domain/admission/funds.ts",
        find: "add(posted.available, -undecided.debits)",
        replace: "posted.available",
      },
    ],
  },
  posts_forgotten: {
    breaks: "a post that is acknowledged is done",
    edits: [
      {
        file: accountFile,
        find: "const hash = write ? this.#append",
        replace: `if (write && Math.random() < 0.01) {
            return { acknowledged: true, entryHash: "0".repeat(64) };
          }
          const hash = write ? this.#append`,
      },
    ],
  },
  sides_dated_apart: {
    breaks: "a transaction is decided at one moment, in all its accounts",
    edits: [
      {
        file: accountFile,
        find: "nextEntries(head, posting, { decidedAt, now: this.#ports.clock.now() })",
        replace: `nextEntries(head, posting, {
            decidedAt: this.#ports.clock.now(),
            now: this.#ports.clock.now(),
          })`,
      },
    ],
  },
  replays_dated_anew: {
    breaks: "a replay is the same bytes",
    edits: [
      {
        file: "src/http/render.ts",
        find: `createdAt: renderTime(createdAt),
    };
    return httpOperationOf`,
        replace: `createdAt: renderTime(Date.now()),
    };
    return httpOperationOf`,
      },
    ],
  },
  reads_never_ask: {
    breaks: "a read asks about the legs that are held",
    edits: [
      {
        file: "src/durable-objects/wallet/core.ts",
        find: "if (captured.held.length === 0) return captured;",
        replace: "return captured;",
      },
    ],
  },
  alarm_never_set: {
    breaks: "a transaction that a crash has interrupted is settled without any client",
    edits: [
      {
        file: "src/durable-objects/alarm-clock.ts",
        find: "this.#storage.setAlarm(time)",
        replace: "Promise.resolve()",
      },
    ],
  },
  freeze_not_obeyed: {
    breaks: "a frozen wallet pays nothing",
    edits: [
      {
        file: "src/domain/admission/frozen.ts",
        find: 'standing.freeze === "none"',
        replace: "standing.openLegs >= 0",
      },
    ],
  },
  revoked_key_believed: {
    breaks: "a revoked key is refused",
    edits: [
      {
        file: "src/http/credentials/api-keys.ts",
        find: 'if (record.revoked) return denied("revoked");',
        replace: "",
      },
    ],
  },
  revocation_in_memory_only: {
    breaks: "a revocation that was answered survives a crash",
    edits: [
      {
        file: "src/durable-objects/key-ring/core.ts",
        find: "    this.#store.insertRevocation(key.id, revoked.by, revoked.at, call.requestId);\n",
        replace: "    (this.revocations ??= new Map()).set(key.id, revoked);\n",
      },
      {
        file: "src/durable-objects/key-ring/core.ts",
        find: "return key ? { ok: true, key } : notFound;",
        replace: `const revoked = this.revocations?.get(keyId);
          return key ? { ok: true, key: { ...key, ...(revoked && { revoked }) } } : notFound;`,
      },
    ],
  },
  keys_cached_for_ever: {
    breaks: "what the edge remembers of a key ages",
    edits: [
      {
        file: "src/http/credentials/key-cache.ts",
        find: "if (known && isYoung(known.readAt, readAt, keyCacheMaxMs)) return known.key;",
        replace: "if (known) return known.key;",
      },
    ],
  },
  replays_move_again: {
    breaks: "a request that is delivered again moves nothing",
    edits: [
      {
        file: "src/domain/protocol/transaction.ts",
        find: "submissionUnder(transactionIdFor(tenant, key), ",
        replace:
          "submissionUnder(transactionIdFor(tenant, Math.random() < 0.01 ? `${key} again` : key), ",
      },
    ],
  },
  origins_yield_twice: {
    breaks: "an authorization has one end, and reversals give back what there was",
    edits: [
      {
        file: "src/domain/admission/claim.ts",
        find: "return counted.reduce((sum, { amount }) => sum + BigInt(amount), 0n);",
        replace: "return counted.reduce((sum, { amount }) => sum + 2n * BigInt(amount), 0n);",
      },
    ],
  },
  authorizations_expire_early: {
    breaks: "an authorization does not expire before its time",
    edits: [
      {
        file: "src/domain/operations/authorization.ts",
        find: "const expiresAt = createdAt + expiresIn * 1_000;",
        replace: "const expiresAt = createdAt + expiresIn * 800;",
      },
    ],
  },
  authorizations_never_expire: {
    breaks: "an authorization is ended when its time is over",
    edits: [
      {
        file: "src/durable-objects/transfer-log/expirations.ts",
        find: "return this.#parts.store.nextExpirationAt();",
        replace: "return undefined;",
      },
      {
        file: "src/durable-objects/transfer-log/expirations.ts",
        find: "const due = store.dueExpirations(clock.now(), alarmBatchMax);",
        replace: "const due = store.dueExpirations(0, alarmBatchMax);",
      },
    ],
  },
  wallets_of_all_tenants: {
    breaks: "a tenant moves the money of its own wallets only",
    edits: [
      {
        file: "src/domain/ids.ts",
        find: "digestTuple([version, address.class, tenant, address.id])",
        replace: `digestTuple([
          version, address.class, address.class === "wallet" ? "" : tenant, address.id,
        ])`,
      },
      {
        file: accountFile,
        find: "{ class: ownClass, tenant, account, shards }",
        replace: "{ class: ownClass, account, shards }",
      },
    ],
  },
  transactions_of_all_tenants: {
    breaks: "a tenant sees its own transactions only",
    edits: [
      {
        file: "src/durable-objects/transfer-log/reads.ts",
        find: "if (found?.tenant !== call.tenant)",
        replace: "if (!found)",
      },
    ],
  },
};

/** The edits that plant a fault. */
export function editsOf(fault: string): readonly Edit[] {
  const planted = plantedFaults[fault];
  if (!planted) throw new Error(`no such fault; there are ${crashFaults.join(", ")}`);
  return planted.edits.map((edit) => ({ name: fault, ...edit }));
}

export const crashFaults = Object.keys(plantedFaults);
