// A tenant's first API key, which creates all others: prints the key and the setting that makes the
// service trust it. Nothing is stored or sent anywhere; the setting holds a hash, not the secret.
// usage: npm run keys:bootstrap -- [--tenant main] [--environment production]
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { encodeSecret, environmentPattern, formatApiKey } from "../src/domain/api-key.ts";
import { apiKeyIdFor } from "../src/domain/ids.ts";
import { isTenant } from "../src/domain/principal.ts";
import { readArguments } from "./usage.mjs";

const usage = "usage: npm run keys:bootstrap -- [--tenant main] [--environment production]";

const { values } = readArguments(usage, {
  options: {
    tenant: { type: "string", default: "main" },
    environment: { type: "string", default: "production" },
  },
});
const { tenant, environment } = values;

if (isTenant(tenant) && environmentPattern.test(environment)) {
  const id = apiKeyIdFor(tenant, randomUUID());
  const secret = encodeSecret(randomBytes(32));
  const hash = createHash("sha256").update(secret).digest("hex");
  console.log(`API_KEY=${formatApiKey({ environment, id, secret })}`);
  console.log(`BOOTSTRAP_KEY=${tenant}:${id}:${hash}`);
  console.error(`
Keep API_KEY where you keep secrets: it may do everything in tenant ${tenant} and is shown only here.
Give the service the value of BOOTSTRAP_KEY, and nothing else:
  npx wrangler secret put BOOTSTRAP_KEY --env ${environment}`);
} else {
  console.error("A tenant is a-z, 0-9 and -, at most 63; an environment is a-z, at most 16.");
  process.exitCode = 1;
}
