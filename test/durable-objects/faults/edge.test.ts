// Guarantee: whatever happens to a request between the edge and its object, money moves once; an
// unreachable object is asked three times at most and an overloaded one once; and the client learns
// what happened, at the latest by repeating the same key.
import { describe, expect, it } from "vitest";
import { useFaultyNetwork } from "../../support/faulty-network.ts";
import { errorFaults, faults, type Fault } from "../../support/faulty-stubs.ts";
import { type Answer, expectProblem, get, post } from "../../support/http.ts";
import { fund, newFunding, newTransfer, transfer } from "../../support/http-ledger.ts";
import { balanceOf, openFunded, openUser } from "../../support/http-users.ts";
import { newKey } from "../../support/keys.ts";

const network = useFaultyNetwork();

/** What one fault costs: the calls that the edge makes, and whether it has an answer then. */
const costs: Readonly<Record<Fault, { attempts: number; deliveries: number; answered: boolean }>> =
  {
    drop_before: { attempts: 2, deliveries: 1, answered: true },
    drop_after: { attempts: 2, deliveries: 2, answered: true },
    delay: { attempts: 1, deliveries: 1, answered: true },
    delay_after: { attempts: 1, deliveries: 1, answered: true },
    duplicate: { attempts: 1, deliveries: 2, answered: true },
    retryable: { attempts: 2, deliveries: 1, answered: true },
    overloaded: { attempts: 1, deliveries: 0, answered: false },
    broken: { attempts: 1, deliveries: 0, answered: false },
  };

/** Sends, with the fault on the way of the first call of `method`, and checks what it cost. */
async function sendThrough<T>(method: string, fault: Fault, request: () => Promise<T>): Promise<T> {
  const { met, letGo, count } = network.next(method, fault);
  const answer = request();
  await met();
  letGo();
  const result = await answer;
  const { attempts, deliveries } = costs[fault];
  expect(count()).toEqual({ attempts, deliveries });
  return result;
}

describe.each([...faults, "delay_after", "broken"] as const)("a request that meets %s", (fault) => {
  const { answered } = costs[fault];

  it("funds once", async () => {
    const { walletId } = await openUser();
    const [body, key] = [newFunding(walletId, 25), newKey()];
    const first = await sendThrough("submit", fault, () => fund(body, key));
    if (answered) expect(first.status).toBe(201);
    else if (fault === "broken") expectProblem(first, 500, "internal");
    else expectProblem(first, 503, "overloaded");
    const again = await fund(body, key);
    expect(again.status).toBe(201);
    if (answered) expect(again.text).toBe(first.text);
    expect(again.headers.has("idempotent-replayed")).toBe(answered);
    expect(await balanceOf(walletId)).toBe(25);
  });

  it("transfers once", async () => {
    const [ada, bob] = await Promise.all([openFunded(100), openUser()]);
    const [body, key] = [newTransfer(ada.walletId, bob.walletId, 40), newKey()];
    const first = await sendThrough("submit", fault, () => transfer(body, key));
    const again = await transfer(body, key);
    expect([first.status, again.status]).toEqual([answered ? 201 : first.status, 201]);
    expect(await balanceOf(ada.walletId)).toBe(60);
    expect(await balanceOf(bob.walletId)).toBe(40);
  });

  it("opens one user", async () => {
    const [body, key] = [{ name: "Ada" }, newKey()];
    const first = await sendThrough("open", fault, () => post("/users", body, key));
    const again = await post("/users", body, key);
    expect([first.status === 201, again.status]).toEqual([answered, 201]);
    if (answered) expect(again.text).toBe(first.text);
  });

  it("reads the balance as it is, or not at all", async () => {
    const { walletId } = await openFunded(30);
    const path = `/wallets/${walletId}/balance`;
    const { status, body } = await sendThrough("readBalance", fault, () => get(path));
    if (answered) expect([status, body["balance"]]).toEqual([200, 30]);
    else expect([status, body["balance"]]).toEqual([fault === "broken" ? 500 : 503, undefined]);
  });
});

describe("an object that stays out of reach", () => {
  it.each(errorFaults)(
    "is called at most three times, then the client is told: %s",
    async (fault) => {
      const { walletId } = await openUser();
      const [body, key] = [newFunding(walletId, 25), newKey()];
      const { count } = network.every("submit", fault);
      expectProblem(await fund(body, key), 503, "overloaded");
      expect(count().attempts).toBe(fault === "overloaded" ? 1 : 3);
      network.heal();
      const again = await fund(body, key);
      expect(again.status).toBe(201);
      // The 503 said nothing about the outcome: where only answers were lost, there was a row.
      expect(again.headers.has("idempotent-replayed")).toBe(fault === "drop_after");
      expect(await balanceOf(walletId)).toBe(25);
    },
  );
});

/** A request, its key already chosen, and the call that carries it. */
interface Write {
  readonly method: string;
  readonly send: () => Promise<Answer>;
}

describe("an answer that was lost between object and edge, which repeats the call by itself", () => {
  const writes: readonly (readonly [string, () => Promise<Write>])[] = [
    [
      "a funding",
      async () => {
        const { walletId } = await openUser();
        const [body, key] = [newFunding(walletId, 25), newKey()];
        return { method: "submit", send: () => fund(body, key) };
      },
    ],
    [
      "a refused transfer",
      async () => {
        const [ada, bob] = await Promise.all([openUser(), openUser()]);
        const [body, key] = [newTransfer(ada.walletId, bob.walletId, 1), newKey()];
        return { method: "submit", send: () => transfer(body, key) };
      },
    ],
    [
      "an opening",
      async () => {
        const key = newKey();
        return { method: "open", send: () => post("/users", { name: "Ada" }, key) };
      },
    ],
    [
      "a freeze",
      async () => {
        const { walletId } = await openUser();
        const [path, key] = [`/wallets/${walletId}/freezes`, newKey()];
        return { method: "freeze", send: () => post(path, { frozen: true, reason: "test" }, key) };
      },
    ],
    [
      "a new API key",
      async () => {
        const [body, key] = [{ name: "test", scopes: ["wallets:read"] }, newKey()];
        return { method: "create", send: () => post("/admin/keys", body, key) };
      },
    ],
  ];

  it.each(writes)("is no replay of %s; the client's next request is", async (_name, prepare) => {
    const { method, send } = await prepare();
    const first = await sendThrough(method, "drop_after", send);
    expect(first.status).toBeLessThan(500);
    expect(first.headers.has("idempotent-replayed")).toBe(false);
    for (let time = 1; time <= 2; time++) {
      const again = await send();
      expect(again.status).toBe(first.status);
      expect(again.headers.get("idempotent-replayed")).toBe("true");
    }
  });

  it("is a replay where an earlier request had created the record", async () => {
    const { walletId } = await openUser();
    const [body, key] = [newFunding(walletId, 25), newKey()];
    await fund(body, key);
    const again = await sendThrough("submit", "drop_after", () => fund(body, key));
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await balanceOf(walletId)).toBe(25);
  });
});
