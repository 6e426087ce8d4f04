// A network that fails on command. Wraps the stubs that every namespace hands out, so that the real
// objects and the real edge meet the faults, behind their own time limits and repeats. Nothing here
// sleeps: a test waits for a fault to be met. Test-only: test/bundle.test.ts looks for it in builds.
import { env } from "cloudflare:workers";

/** `drop_before`: lost on the way there, `drop_after`: on the way back. `delay`: waits until it is
 *  let go, `delay_after`: the answer does. `duplicate`: arrives twice. `retryable`, `overloaded`: what the platform throws when an
 *  object was reset or has too much to do, `broken`: what it throws when the object threw. */
export const faults = [
  "drop_before",
  "drop_after",
  "delay",
  "duplicate",
  "retryable",
  "overloaded",
] as const;
export type Fault = (typeof faults)[number] | "delay_after" | "broken";

const methods = ["hold", "post", "release", "ask", "legRecords", "submit", "find", "open"];
const moreMethods = [
  "submitBatch",
  "isUsed",
  "profile",
  "readBalance",
  "readHistory",
  "readAuthorizations",
  "readEntries",
  "audit",
  "unsettled",
  "freeze",
  "freezes",
  "readLegs",
  "readClaims",
  "books",
  "startScrub",
  "scrubStatus",
];
const keyMethods = ["create", "lookUp", "list", "revoke"];
const namespaces = ["WALLET", "EXTERNAL_ACCOUNT", "TRANSFER_LOG", "KEY_RING"] as const;

/** Faults after which the caller has no answer. */
export const errorFaults = ["drop_before", "drop_after", "retryable", "overloaded"] as const;

/** What one fault costs, where the caller repeats after an error: an error is one more call; an
 *  answer that is lost and a duplicate are one more call that reaches the object. */
export function costOf(fault: Fault): { readonly attempts: number; readonly deliveries: number } {
  const error = fault !== "delay" && fault !== "duplicate";
  const twice = fault === "duplicate" || fault === "drop_after";
  return { attempts: error ? 2 : 1, deliveries: twice ? 2 : 1 };
}

interface AnyCall {
  readonly account?: string;
  readonly walletId?: string;
}
type Deliver = () => Promise<unknown>;

/** What a test knows of a call that met a fault. */
export interface Meeting {
  /** Returns when a call has met the fault. */
  readonly met: () => Promise<void>;
  /** Ends the delay. */
  readonly letGo: () => void;
  /** Delivers the call that met the fault once more: a late duplicate. */
  readonly deliverAgain: Deliver;
  /** How many calls of this kind were made since the fault was planted, and how many of them
   *  reached their object: a duplicate counts twice. */
  readonly count: () => { readonly attempts: number; readonly deliveries: number };
}

interface Rule extends Omit<Meeting, "count"> {
  readonly method: string;
  readonly fault: Fault;
  /** Only calls about this account; undefined: all. */
  readonly account: string | undefined;
  readonly once: boolean;
  /** Returns when the delay has ended. */
  readonly delay: () => Promise<void>;
  readonly meet: (deliver: Deliver) => void;
}

/** Waits inside the event that waits: a promise that another object's event resolved would go on in
 *  that event, with the wrong object's rights. */
async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await scheduler.wait(1);
}

function platformError(message: string, flags: object): Error {
  return Object.assign(new Error(message), flags);
}

const lost = () => platformError("Network connection lost.", { retryable: true });

function createRule(
  method: string,
  fault: Fault,
  account: string | undefined,
  once: boolean,
): Rule {
  let delivery: Deliver | undefined;
  let delayed = true;
  return {
    method,
    fault,
    account,
    once,
    met: () => until(() => delivery !== undefined),
    delay: () => until(() => !delayed),
    letGo: () => (delayed = false),
    meet: (deliver) => (delivery ??= deliver),
    deliverAgain() {
      if (!delivery) throw new Error("no call has met the fault");
      return delivery();
    },
  };
}

function concerns(rule: Rule, call: { readonly method: string; readonly account: string }) {
  return rule.method === call.method && (rule.account ?? call.account) === call.account;
}

async function suffer(rule: Rule, deliver: Deliver): Promise<unknown> {
  switch (rule.fault) {
    case "drop_before":
      throw lost();
    case "drop_after":
      await deliver();
      throw lost();
    case "delay":
      await rule.delay();
      return deliver();
    case "delay_after": {
      const answer = await deliver();
      rule.meet(deliver);
      await rule.delay();
      return answer;
    }
    case "duplicate": {
      const [answer] = await Promise.all([deliver(), deliver()]);
      return answer;
    }
    case "retryable":
      throw platformError("Durable Object reset.", { retryable: true, remote: true });
    case "overloaded":
      throw platformError("Durable Object is overloaded.", { overloaded: true, remote: true });
    case "broken":
      throw platformError("the object threw", { remote: true });
  }
}

interface CarriedCall {
  readonly method: string;
  readonly account: string;
  deliveries: number;
}

export class FaultyNetwork {
  readonly #rules: Rule[] = [];
  readonly #carried: CarriedCall[] = [];

  /** The next call of a method, of those about `account`, meets the fault. */
  next(method: string, fault: Fault, account?: string): Meeting {
    return this.#plant(createRule(method, fault, account, true));
  }

  /** Every call meets the fault until `heal`. */
  every(method: string, fault: Fault, account?: string): Meeting {
    return this.#plant(createRule(method, fault, account, false));
  }

  #plant(rule: Rule): Meeting {
    this.#rules.push(rule);
    const start = this.#carried.length;
    const count = () => {
      const calls = this.#carried.slice(start).filter((call) => concerns(rule, call));
      const deliveries = calls.reduce((sum, call) => sum + call.deliveries, 0);
      return { attempts: calls.length, deliveries };
    };
    return { ...rule, count };
  }

  /** No more faults; what was delayed goes on. */
  heal(): void {
    for (const rule of this.#rules.splice(0)) rule.letGo();
  }

  /** Carries one call. */
  carry(method: string, call: AnyCall, send: Deliver): Promise<unknown> {
    const carried = { method, account: call.account ?? call.walletId ?? "", deliveries: 0 };
    this.#carried.push(carried);
    const deliver = () => {
      carried.deliveries += 1;
      return send();
    };
    const index = this.#rules.findIndex((planted) => concerns(planted, carried));
    const rule = this.#rules[index];
    if (!rule) return deliver();
    if (rule.once) this.#rules.splice(index, 1);
    const result = suffer(rule, deliver);
    // Tests hear of it when the fault has had its effect; of a delay, when the wait begins.
    const effect = rule.fault === "delay" ? Promise.resolve() : result;
    const meet = () => rule.meet(deliver);
    effect.then(meet, meet);
    return result;
  }
}

type Namespace = Pick<DurableObjectNamespace, "getByName">;
type AnyStub = Record<string, (call: AnyCall) => Promise<unknown>>;

function wrapStub(network: FaultyNetwork, getStub: () => AnyStub): AnyStub {
  const stub = getStub();
  for (const method of [...methods, ...moreMethods, ...keyMethods]) {
    // A call that is delivered late, from another event, needs a stub of that event.
    const value = (call: AnyCall) =>
      network.carry(method, call, async () => getStub()[method]?.(call));
    Object.defineProperty(stub, method, { value });
  }
  return stub;
}

/** Puts a faulty network between all objects and the edge of this test file. */
export function breakNetwork(network = new FaultyNetwork()): {
  readonly network: FaultyNetwork;
  readonly restore: () => void;
} {
  for (const name of namespaces) {
    const namespace: Namespace = env[name];
    const getByName = namespace.getByName.bind(namespace);
    const value = (object: string) =>
      wrapStub(network, () => getByName(object) as unknown as AnyStub);
    Object.defineProperty(namespace, "getByName", { value, configurable: true });
  }
  const restore = () => {
    network.heal();
    for (const name of namespaces) Reflect.deleteProperty(env[name], "getByName");
  };
  return { network, restore };
}
