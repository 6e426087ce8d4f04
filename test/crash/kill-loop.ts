// Keeps a service running and kills it: SIGKILL at random moments, a restart on the same state.
import { startWorkerd, type ServiceFolder, type Workerd } from "../../scripts/workerd.ts";
import type { Random } from "../history/random.ts";
import { wallClock } from "./recording-client.ts";
import { pause } from "./workload.ts";

/** How long the service lives between two kills: often too short to finish anything. */
const lifeMinMs = 50;
const lifeMaxMs = 3_000;

export class KillLoop {
  readonly #folder: ServiceFolder;
  readonly #random: Random;
  #service: Workerd | undefined;
  #up = Promise.withResolvers<void>();
  kills = 0;
  /** Wall clock at which the service answered again, after each start. */
  readonly startedAt: number[] = [];

  constructor(folder: ServiceFolder, random: Random) {
    this.#folder = folder;
    this.#random = random;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#folder.port}`;
  }

  /** Resolves when the service answers. */
  readonly up = (): Promise<void> => this.#up.promise;

  async start(): Promise<void> {
    this.#service = await startWorkerd(this.#folder);
    this.startedAt.push(wallClock());
    this.#up.resolve();
  }

  /** `whileDead` runs between a kill and the restart. Ends early at `until` (wall clock, ms). */
  async run(kills: number, until: number, whileDead: () => void): Promise<void> {
    while (this.kills < kills && wallClock() < until) {
      await pause(lifeMinMs + this.#random.next() * (lifeMaxMs - lifeMinMs));
      await this.#kill();
      whileDead();
      await this.start();
    }
  }

  async #kill(): Promise<void> {
    this.#up = Promise.withResolvers<void>();
    await this.#service?.kill();
    this.kills += 1;
  }

  async stop(): Promise<void> {
    await this.#service?.stop();
    this.#service = undefined;
  }
}
