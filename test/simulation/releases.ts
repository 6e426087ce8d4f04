// Two releases at once: which code an object runs is drawn at each of its starts, from the release in
// test/releases and the sources. Objects of both call each other, and what the newer one has written
// is read by the older one after the next start.
import * as previous from "../releases/2026-11-26.js";
import type { OperationType, SentRequest } from "../../src/domain/operations/all.ts";
import { StorageFault } from "./disk.ts";
import * as current from "./production.ts";
import type { Directory } from "./production.ts";
import type { Instance, InstanceParts } from "./platform.ts";

/** Clients may ask for an operation once every object knows it. The previous release knows these,
 *  and no payments to outside. */
const previousOperations: readonly OperationType[] = ["funding", "transfer", "split"];

export function isKnownToPrevious(sent: SentRequest): boolean {
  return previousOperations.includes(sent.type) && !("payoutReference" in sent);
}

type Create = (parts: InstanceParts, directory: Directory) => Instance;
type Kind = keyof typeof previous;

/** A call of a method that a release does not have fails, as it does on the platform. */
function withMissingMethods(instance: Instance): Instance {
  const methods = new Proxy(instance.methods, {
    get: (known, name: string) =>
      known[name] ??
      (() => {
        throw new StorageFault(`this release has no method ${name}`);
      }),
  });
  return { ...instance, methods };
}

export class Releases {
  readonly #draw: () => boolean;
  /** How often each release was started. */
  readonly starts = { previous: 0, current: 0 };
  #mixed = true;

  /** `draw`: whether the next start is of the previous release. */
  constructor(draw: () => boolean) {
    this.#draw = draw;
  }

  /** From now on everything that starts is of the current release. */
  complete(): void {
    this.#mixed = false;
  }

  create(kind: Kind): Create {
    return (parts, directory) => {
      const release = this.#mixed && this.#draw() ? "previous" : "current";
      this.starts[release] += 1;
      const from = release === "previous" ? previous : current;
      return withMissingMethods(from[kind](parts, directory));
    };
  }
}
