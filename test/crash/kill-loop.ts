// Keeps a service running and kills it: SIGKILL at random moments, a restart on the same state.
import { startWorkerd, type ServiceFolder, type Workerd } from "../../scripts/workerd.ts";
import type { Random } from "../history/random.ts";
import { wallClock } from "./recording-client.ts";
import { pause } from "./pause.ts";

/** How long the service lives between two kills: a number of answers, so that a busy machine has
 *  longer lives and not idle ones; sometimes too few to finish anything. */
const answersMax = 360;
/** Then a volley of requests comes, and the kill when some of them are answered: in the midst of
 *  the others. A little earlier or later, too: it must not always come with an answer. */
const volleyAnswersMax = 60;
const volleyMaxMs = 2_000;
const afterAnswerMaxMs = 30;
/** Where hardly anything is answered. */
const lifeMaxMs = 6_000;

export class KillLoop {
  readonly #folder: ServiceFolder;
  readonly #random: Random;
  readonly #answered: (count: number) => Promise<void>;
  #service: Workerd | undefined;
  #up = Promise.withResolvers<void>();
  kills = 0;
  /** Wall clock at which the service answered again, after each start. */
  readonly startedAt: number[] = [];

  /** `answered` resolves after this many answers of the service. */
  constructor(folder: ServiceFolder, random: Random, answered: (count: number) => Promise<void>) {
    this.#folder = folder;
    this.#random = random;
    this.#answered = answered;
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

  /** `volley` sends requests shortly before a kill; `whileDead` runs between a kill and the restart.
   *  Ends early at `until` (wall clock, ms). */
  async run(
    kills: number,
    until: number,
    { volley, whileDead }: { readonly volley: () => void; readonly whileDead: () => void },
  ): Promise<void> {
    while (this.kills < kills && wallClock() < until) {
      const answers = this.#random.integer(1, answersMax);
      await Promise.race([this.#answered(answers), pause(lifeMaxMs)]);
      volley();
      const someOfThem = this.#random.integer(0, volleyAnswersMax);
      await Promise.race([this.#answered(someOfThem), pause(volleyMaxMs)]);
      await pause(this.#random.next() * afterAnswerMaxMs);
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
