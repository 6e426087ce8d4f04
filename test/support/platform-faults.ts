// Bindings whose objects fail as the platform makes calls fail: with its flags on the error, before
// the object is reached or after it has done its work. The app and the objects are the real ones.
import { env } from "cloudflare:workers";
import app from "../../src/index.ts";
import { checked, origin, type Answer } from "./http.ts";

export interface PlatformFault {
  /** What the platform says of the failure. */
  readonly flags: { readonly overloaded?: boolean; readonly retryable?: boolean };
  /** Whether the object gets the call before its answer is lost. */
  readonly when: "before" | "after";
  /** How many calls fail; the later ones come through. */
  readonly calls: number;
}

type Binding = "WALLET" | "TRANSFER_LOG";
type Method = (...parameters: unknown[]) => Promise<unknown>;

/** Sends a request to the real app, over bindings of which one fails. */
export async function sendWithFault(
  binding: Binding,
  fault: PlatformFault,
  method: string,
  path: string,
  init: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {},
): Promise<Answer> {
  let left = fault.calls;
  const failing = (call: Method): Method => {
    return async (...parameters) => {
      const fails = left > 0;
      left -= 1;
      const answer = fails && fault.when === "before" ? undefined : await call(...parameters);
      if (fails) throw Object.assign(new Error("lost in a data centre"), fault.flags);
      return answer;
    };
  };
  const namespace = {
    getByName(name: string) {
      const stub = env[binding].getByName(name) as unknown as Record<string, Method>;
      return new Proxy(stub, {
        get: (target, property: string) =>
          failing((...parameters) => (target[property] as Method)(...parameters)),
      });
    },
  };
  const request = new Request(`${origin}${path}`, { method, ...init });
  const response = await app.fetch(request, { ...env, [binding]: namespace } as unknown as Env);
  return await checked(method, path, response);
}
