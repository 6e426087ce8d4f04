// Invariants of API keys: one secret for each, revoked for good, found by every request for it.
import type { KeyRecord } from "../../../src/durable-objects/key-ring/contract.ts";
import type { KeyAnswer } from "../key-client.ts";
import type { Finding, Invariant, World } from "./invariant.ts";

interface Shown extends Pick<KeyAnswer, "beganAt" | "endedAt"> {
  readonly key: KeyRecord;
}

/** Every time that a record of a key was shown, with the interval in which that was. */
function* shownIn(answers: readonly KeyAnswer[]): Iterable<Shown> {
  for (const { kind, result, beganAt, endedAt } of answers) {
    if (kind === "list") for (const key of result) yield { key, beganAt, endedAt };
    else if (result.ok) yield { key: result.key, beganAt, endedAt };
  }
}

/** All but the revocation. */
function recordOf(key: KeyRecord): string {
  const fields = Object.entries(key).filter(([name]) => name !== "revoked");
  return JSON.stringify(fields.toSorted(([left], [right]) => (left < right ? -1 : 1)));
}

function* findTwoKeys({ history }: World): Iterable<Finding> {
  const first = new Map<string, string>();
  for (const { key } of shownIn(history.keys)) {
    const record = recordOf(key);
    const known = first.get(key.id) ?? record;
    first.set(key.id, known);
    if (known !== record) yield { what: `shown as ${known} and as ${record}`, subject: key.id };
  }
}

function* findWrongAnswers({ history }: World): Iterable<Finding> {
  for (const answer of history.keys) {
    if (answer.kind !== "create") continue;
    const { creation, result, keyId: subject, tenant } = answer;
    if (!result.ok) {
      const [shown] = [...shownIn(history.keys)].filter(({ key }) => key.id === subject);
      const { fingerprint } = (shown?.key ?? {}) as { fingerprint?: string };
      if (fingerprint === creation.fingerprint) yield { what: "refused as reused", subject };
      continue;
    }
    const { key, replayed } = result;
    const { name, scopes, expiresAt } = creation.request;
    const asked = JSON.stringify([tenant, name, scopes, expiresAt]);
    const created = JSON.stringify([key.tenant, key.name, key.scopes, key.expiresAt]);
    if (asked !== created) yield { what: `created as ${created}, asked for ${asked}`, subject };
    if (replayed === (key.secretHash === creation.secretHash)) {
      yield {
        what: replayed ? "its own secret is withheld" : "a useless secret is shown",
        subject,
      };
    }
  }
}

function keyIn(answer: KeyAnswer): KeyRecord | undefined {
  if (answer.kind === "list") return answer.result.find(({ id }) => id === answer.keyId);
  return answer.result.ok ? answer.result.key : undefined;
}

/** What a call that begins after an answer has to know of what was answered. */
function* findForgotten({ history }: World): Iterable<Finding> {
  const shown = [...shownIn(history.keys)];
  for (const answer of history.keys) {
    const { keyId: subject, tenant, kind, beganAt, endedAt } = answer;
    const earlier = shown.filter(
      ({ key, ...one }) => key.id === subject && key.tenant === tenant && one.endedAt < beganAt,
    );
    const found = keyIn(answer);
    if (!found) {
      const lost = earlier.length > 0 && kind !== "create";
      if (lost) yield { what: `${kind} does not find it in step ${endedAt}`, subject };
      continue;
    }
    for (const { key } of earlier) {
      const [before, now] = [key.revoked, found.revoked].map((one) => JSON.stringify(one));
      if (before === undefined || before === now) continue;
      yield { what: `revoked ${before}, in step ${endedAt} ${now}`, subject };
    }
  }
}

function* findForeign({ history }: World): Iterable<Finding> {
  for (const answer of history.keys) {
    if (answer.kind === "look_up") continue;
    for (const { key } of shownIn([answer])) {
      if (key.tenant === answer.tenant) continue;
      yield { what: `${answer.kind} of ${answer.tenant} reaches ${key.tenant}`, subject: key.id };
    }
  }
}

export const keyInvariants: readonly Invariant[] = [
  {
    name: "one-key-per-request",
    promise: "A key is recorded once: every answer shows the same record, at any time.",
    holds: "at quiescence",
    find: findTwoKeys,
  },
  {
    name: "secrets-fit-their-keys",
    promise: "A request gets the key that it asked for, and a secret only if it is the key's.",
    holds: "at quiescence",
    find: findWrongAnswers,
  },
  {
    name: "keys-are-not-forgotten",
    promise:
      "A key that was shown is found from then on, and once revoked it is never seen otherwise.",
    holds: "at quiescence",
    find: findForgotten,
  },
  {
    name: "keys-stay-with-their-tenant",
    promise: "No tenant lists, revokes or is answered another tenant's key.",
    holds: "at quiescence",
    find: findForeign,
  },
];
