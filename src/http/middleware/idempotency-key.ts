// The Idempotency-Key of a write. Runs after the checks of the body: the order of problems.
// https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
import { createMiddleware } from "hono/factory";
import { idempotencyKeyLengthMax } from "../../domain/limits.ts";
import type { Principal } from "../../domain/principal.ts";
import type { AppEnv } from "../context.ts";
import { answerProblem } from "../problem.ts";

/** Visible ASCII without the comma, which would mean two joined headers. */
const bare = /^[\x21-\x2b\x2d-\x7e]+$/;
/** A string of RFC 9651, as the draft requires. It is the same key as its content. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;

type ParsedKey =
  | { readonly ok: true; readonly key: string }
  | { readonly ok: false; readonly problem: "idempotency_key_missing" | "idempotency_key_invalid" };

export function parseIdempotencyKey(header: string | undefined): ParsedKey {
  if (header === undefined) return { ok: false, problem: "idempotency_key_missing" };
  const content = quoted.exec(header)?.[1]?.replaceAll(/\\(.)/g, "$1");
  const key = content ?? header;
  const unfinished = content === undefined && header.startsWith('"');
  if (unfinished || !bare.test(key) || key.length > idempotencyKeyLengthMax) {
    return { ok: false, problem: "idempotency_key_invalid" };
  }
  return { ok: true, key };
}

/** Each user has a separate namespace of keys: otherwise a user could use up the keys of others, or
 *  learn which ones they sent. The separator is a space, which no client's key can contain. */
function scopedKey(key: string, { userId }: Principal): string {
  return userId === undefined ? key : `${userId} ${key}`;
}

export const idempotencyKey = createMiddleware<AppEnv>(async (c, next) => {
  const parsed = parseIdempotencyKey(c.req.header("idempotency-key"));
  if (!parsed.ok) return answerProblem(c, parsed.problem);
  c.set("idempotencyKey", scopedKey(parsed.key, c.get("principal")));
  return await next();
});
