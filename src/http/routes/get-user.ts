// GET /users/{userId}: the user as created.
import { z } from "@hono/zod-openapi";
import { callFromEdge, walletStub } from "../../durable-objects/rpc/stubs.ts";
import { isUserId, walletIdOfUser } from "../../domain/ids.ts";
import { mayUseWallet } from "../access.ts";
import { callOf, type App } from "../context.ts";
import { problemResponses, responseHeaders } from "../openapi.ts";
import { answerUnknown } from "../problem.ts";
import { renderUser } from "../render.ts";
import * as examples from "../schemas/examples.ts";
import { userIdShown } from "../schemas/fields.ts";
import { User } from "../schemas/user.ts";

export function getUser(app: App): void {
  app.openAPIRegistry.registerPath({
    method: "get",
    path: "/users/{userId}",
    operationId: "getUser",
    tags: ["Users"],
    summary: "Read a user",
    description: "The user as created. The wallet's balances have a path of their own.",
    request: {
      params: z.object({ userId: userIdShown.openapi({ description: "The user, `usr_...`." }) }),
    },
    responses: {
      200: {
        description: "The user.",
        headers: responseHeaders(),
        content: { "application/json": { schema: User, example: renderUser(examples.user) } },
      },
      ...problemResponses(`/users/${examples.adaId}`, ["not_found"], { unknown: "user" }),
    },
  });

  app.get("/users/:userId", async (c) => {
    const userId = c.req.param("userId");
    if (!isUserId(userId)) return answerUnknown(c, "user");
    const walletId = walletIdOfUser(userId);
    if (!mayUseWallet(c.get("principal"), walletId)) return answerUnknown(c, "user");
    c.set("walletId", walletId);
    const result = await callFromEdge(() =>
      walletStub(c.env, c.get("tenant"), walletId).profile({ ...callOf(c), walletId }),
    );
    return result.ok ? c.json(renderUser(result.user), 200) : answerUnknown(c, "user");
  });
}
