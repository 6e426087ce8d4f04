// POST /admin/keys: a new API key of the caller's tenant.
import { Buffer } from "node:buffer";
import { encodeSecret, formatApiKey } from "../../domain/api-key.ts";
import { fingerprintApiKey } from "../../domain/fingerprint.ts";
import { apiKeyIdFor, keyShardOf } from "../../domain/ids.ts";
import { callFromEdge, keyRingStub } from "../../durable-objects/rpc/stubs.ts";
import { callOf, type App } from "../context.ts";
import { platformSecrets } from "../credentials/secrets.ts";
import { environmentOf } from "../credentials/settings.ts";
import { idempotencyKey } from "../middleware/idempotency-key.ts";
import { strictBody } from "../middleware/strict-body.ts";
import { bodyProblems, problemResponses, responseHeaders, writeHeaders } from "../openapi.ts";
import { answerForbidden, answerProblem } from "../problem.ts";
import { renderCreatedKey } from "../render-key.ts";
import { CreatedApiKey, ApiKeyInput } from "../schemas/api-key.ts";
import * as examples from "../schemas/examples.ts";

const path = "/admin/keys";

const alreadyExpired = { path: "expiresAt", message: "Not in the future." };

/** A new secret, and its hash, which is all that is stored. */
function newSecret() {
  const secret = encodeSecret(crypto.getRandomValues(new Uint8Array(32)));
  return { secret, secretHash: Buffer.from(platformSecrets.sha256(secret)).toString("hex") };
}

export function createKey(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "post",
    path,
    operationId: "createApiKey",
    tags: ["Administration"],
    summary: "Create an API key",
    description:
      "Creates a key of the caller's tenant. It cannot have a scope that the caller lacks " +
      "(`forbidden`). A tenant may have any number of keys, so a key can be replaced while it " +
      "still works. The key's text is in the first answer only, not in a replay.",
    request: {
      headers: writeHeaders(examples.exampleKeys.apiKey),
      body: {
        required: true,
        content: { "application/json": { schema: ApiKeyInput, example: examples.newApiKey } },
      },
    },
    responses: {
      201: {
        description: "Created, now or by an earlier request with the same key.",
        headers: responseHeaders("Location", "Idempotent-Replayed"),
        content: {
          "application/json": {
            schema: CreatedApiKey,
            example: renderCreatedKey(examples.keyRecord, examples.apiKey),
          },
        },
      },
      ...problemResponses(path, [...bodyProblems, "idempotency_key_reused"]),
    },
  });

  app.post(path, strictBody(ApiKeyInput), idempotencyKey, async (c) => {
    const request = c.req.valid("json");
    const { id: principal, scopes } = c.get("principal");
    const lacking = request.scopes.filter((scope) => !scopes.includes(scope));
    if (lacking.length > 0) return answerForbidden(c, lacking);
    const keyId = apiKeyIdFor(c.get("tenant"), c.get("idempotencyKey"));
    const { secret, secretHash } = newSecret();
    const fingerprint = fingerprintApiKey(request);
    const call = { ...callOf(c), keyId, fingerprint, request, secretHash, principal };
    const created = await callFromEdge(() => keyRingStub(c.env, keyShardOf(keyId)).create(call));
    if (!created.ok) {
      return created.problem === "already_expired"
        ? answerProblem(c, "validation_failed", [alreadyExpired])
        : answerProblem(c, created.problem);
    }

    c.set("replayed", created.replayed);
    if (created.replayed) c.header("Idempotent-Replayed", "true");
    const text = formatApiKey({ environment: environmentOf(c.env), id: keyId, secret });
    const body = renderCreatedKey(created.key, created.replayed ? undefined : text);
    return c.json(body, 201, { Location: `${path}/${keyId}` });
  });
}
