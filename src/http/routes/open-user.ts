// POST /users: creates a user and the user's wallet.
import { callFromEdge, walletStub } from "../../durable-objects/rpc/stubs.ts";
import { fingerprintUser } from "../../domain/fingerprint.ts";
import { userIdFor, walletIdOfUser } from "../../domain/ids.ts";
import { writeCallOf, type App } from "../context.ts";
import { idempotencyKey } from "../middleware/idempotency-key.ts";
import { strictBody } from "../middleware/strict-body.ts";
import { bodyProblems, problemResponses, responseHeaders, writeHeaders } from "../openapi.ts";
import { answerProblem } from "../problem.ts";
import { renderUser } from "../render.ts";
import * as examples from "../schemas/examples.ts";
import { UserInput, User } from "../schemas/user.ts";

const path = "/users";

export function openUser(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "post",
    path,
    operationId: "createUser",
    tags: ["Users"],
    summary: "Create a user and a wallet",
    description: "Creates the user's only wallet. Both ids derive from the Idempotency-Key.",
    request: {
      headers: writeHeaders(examples.exampleKeys.ada),
      body: {
        required: true,
        content: { "application/json": { schema: UserInput, example: examples.ada } },
      },
    },
    responses: {
      201: {
        description: "Created, now or by an earlier request with the same key.",
        headers: responseHeaders("Location", "Idempotent-Replayed"),
        content: { "application/json": { schema: User, example: renderUser(examples.user) } },
      },
      ...problemResponses(path, [...bodyProblems, "idempotency_key_reused"]),
    },
  });

  app.post(path, strictBody(UserInput), idempotencyKey, async (c) => {
    const profile = c.req.valid("json");
    const walletId = walletIdOfUser(userIdFor(c.get("tenant"), c.get("idempotencyKey")));
    c.set("walletId", walletId);
    const fingerprint = fingerprintUser(profile);
    const call = { ...writeCallOf(c), walletId, fingerprint, profile };
    const result = await callFromEdge(() =>
      walletStub(c.env, c.get("tenant"), walletId).open(call),
    );
    if (!result.ok) return answerProblem(c, result.problem);
    c.set("replayed", result.replayed);
    const user = renderUser(result.user);
    if (result.replayed) c.header("Idempotent-Replayed", "true");
    return c.json(user, 201, { Location: `/users/${user.id}` });
  });
}
