// API keys: which exist, what they may do, and until when they are believed.
import type { Area } from "../planted-fault.ts";

const register = "src/durable-objects/key-ring/core.ts";
const store = "src/durable-objects/key-ring/store.ts";
const verifying = "src/http/credentials/api-keys.ts";
const cache = "src/http/credentials/key-cache.ts";
const rings = ["test/durable-objects/key-ring/key-rings.test.ts"];
const keys = ["test/http/access/api-keys.test.ts"];
const denied = ["test/http/any-route/401.test.ts"];
const apiKey = "src/domain/api-key.ts";

export const keyRingFaults: Area = {
  area: "key-ring",
  faults: [
    {
      name: "foreign-key-is-revoked",
      breaks: "A tenant revokes its own keys only.",
      file: register,
      find: "if (key?.tenant !== call.tenant) return notFound;",
      replace: "if (!key) return notFound;",
      caughtBy: ["test/http/revoke-api-key/404.test.ts"],
    },
    {
      name: "foreign-keys-are-listed",
      breaks: "A tenant lists its own keys only.",
      file: store,
      find: "WHERE tenant = ?1\n",
      replace: "WHERE ?1 <> ''\n",
      caughtBy: ["test/http/list-api-keys/200.test.ts"],
    },
    {
      name: "key-of-another-ring",
      breaks: "A ring answers for its own shard only.",
      file: register,
      find: "shard: keyShardOf(keyId), shards: keyShardCount",
      replace: "shards: keyShardCount",
      caughtBy: rings,
    },
    {
      name: "rings-of-another-number",
      breaks: "A ring refuses to work under another number of rings.",
      file: register,
      find: "shard: keyShardOf(keyId), shards: keyShardCount",
      replace: "shard: keyShardOf(keyId)",
      caughtBy: rings,
    },
    {
      name: "other-rights-under-one-key",
      breaks: "A creation that differs from the first is refused.",
      file: register,
      find: "key.fingerprint === call.fingerprint && key.tenant",
      replace: "key.tenant",
      caughtBy: rings,
    },
    {
      name: "secret-that-is-not-the-keys",
      breaks: "A replay of a creation shows no secret.",
      file: register,
      find: "replayed: key.secretHash !== call.secretHash",
      replace: "replayed: false",
      caughtBy: ["test/http/create-api-key/201.test.ts"],
    },
    {
      name: "revocations-are-overlooked",
      breaks: "A revoked key is worth nothing.",
      file: verifying,
      find: '  if (record.revoked) return denied("revoked");\n',
      replace: "",
      caughtBy: ["test/http/access/api-keys.test.ts"],
    },
    {
      name: "expired-keys-are-believed",
      breaks: "A key is worth nothing from its expiry on.",
      file: verifying,
      find: "record.expiresAt <= now",
      replace: "record.expiresAt < 0",
      caughtBy: denied,
    },
    {
      name: "any-secret-is-believed",
      breaks: "A key is its secret.",
      file: verifying,
      find: '  if (!same) return denied("wrong_secret");\n',
      replace: "",
      caughtBy: denied,
    },
    {
      name: "keys-of-another-environment",
      breaks: "A key works in its own environment only.",
      file: verifying,
      find: '  if (key.environment !== trust.environment) return denied("other_environment");\n',
      replace: "",
      caughtBy: denied,
    },
    {
      name: "unknown-keys-cost-less",
      breaks: "An unknown key and a wrong secret cost the same.",
      file: verifying,
      find: "  const stored = Buffer",
      replace: '  if (!record) return denied("unknown_key");\n  const stored = Buffer',
      caughtBy: keys,
    },
    {
      name: "cache-without-an-end",
      breaks: "A revoked key works for a bounded time.",
      file: cache,
      find: "if (known && isYoung(known.readAt, readAt, keyCacheMaxMs)) return known.key;",
      replace: "if (known) return known.key;",
      caughtBy: ["test/http-pure/key-cache.test.ts"],
    },
    {
      name: "cache-bridges-without-an-end",
      breaks: "A ring that cannot be asked is bridged for a bounded time.",
      file: cache,
      find: "if (known && isYoung(known.readAt, now, keyCacheBridgeMaxMs)) return known.key;",
      replace: "if (known) return known.key;",
      caughtBy: keys,
    },
    {
      name: "older-reading-is-believed",
      breaks: "Of two readings of a key the newer is believed.",
      file: cache,
      find: "if (kept && (kept.readAt > readAt || (kept.key.revoked && !key?.revoked))) return kept.key;",
      replace: "",
      caughtBy: keys,
    },
    {
      name: "mistyped-keys-are-looked-up",
      breaks: "A mistyped key is refused without a look-up.",
      file: apiKey,
      find: "checksumOf(key) === checksum ? key : undefined",
      replace: "checksum ? key : undefined",
      caughtBy: ["test/domain/api-key.test.ts"],
    },
    {
      name: "short-secrets",
      breaks: "A secret has 256 bits.",
      file: apiKey,
      find: "if (bytes.length !== 32)",
      replace: "if (bytes.length < 1)",
      caughtBy: ["test/domain/api-key.test.ts"],
    },
  ],
};
