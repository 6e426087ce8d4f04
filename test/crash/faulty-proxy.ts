// The network between the clients and the service, as it is on bad days: a proxy that loses a request
// or its answer, cuts an answer off half-way, delays, and delivers a request twice, the second time
// perhaps seconds later. Knows nothing of what it carries.
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Random } from "../history/random.ts";

const requestLost = 0.006;
const answerLost = 0.01;
const answerCut = 0.006;
const duplicated = 0.02;
const delayed = 0.03;
const delayMaxMs = 1_500;
const lateMaxMs = 8_000;

export type Harm = "request_lost" | "answer_lost" | "answer_cut" | "duplicated" | "delayed";

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export class FaultyProxy {
  readonly harm: Record<Harm, number> = {
    request_lost: 0,
    answer_lost: 0,
    answer_cut: 0,
    duplicated: 0,
    delayed: 0,
  };
  readonly #random: Random;
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((asked, answer) => void this.#serve(asked, answer));
  readonly #late = new Set<NodeJS.Timeout>();
  #calm = true;
  #answers = 0;
  #awaited: { readonly answers: number; readonly resolve: () => void } | undefined;

  /** `port`: where the service is. */
  constructor(port: number, random: Random) {
    this.#port = port;
    this.#random = random;
  }

  async start(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Passes everything on as it is, until this. */
  disturb(): void {
    this.#calm = false;
  }

  /** From now on it only passes on. What is still to come late is forgotten. */
  calm(): void {
    this.#calm = true;
    for (const timer of this.#late) clearTimeout(timer);
  }

  /** Resolves when this many more answers have passed. One may wait at a time. */
  answered(count: number): Promise<void> {
    if (count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#awaited = { answers: this.#answers + count, resolve };
    });
  }

  #countAnswer(): void {
    this.#answers += 1;
    if (this.#awaited && this.#answers >= this.#awaited.answers) this.#awaited.resolve();
  }

  stop(): void {
    this.calm();
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
  }

  #strikes(harm: Harm, chance: number): boolean {
    if (this.#calm || !this.#random.chance(chance)) return false;
    this.harm[harm] += 1;
    return true;
  }

  #pause(maxMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#late.delete(timer);
        resolve();
      }, this.#random.next() * maxMs);
      this.#late.add(timer);
    });
  }

  async #serve(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await bytesOf(asked);
      if (this.#strikes("request_lost", requestLost)) throw new Error("lost");
      if (this.#strikes("delayed", delayed)) await this.#pause(delayMaxMs);
      if (this.#strikes("duplicated", duplicated)) this.#sendAgain(asked, body);
      const answer = await this.#pass(asked, body);
      this.#countAnswer();
      if (this.#strikes("answer_lost", answerLost)) throw new Error("lost");
      response.writeHead(answer.status, answer.headers);
      const isCut = answer.body.length > 1 && this.#strikes("answer_cut", answerCut);
      if (!isCut) response.end(answer.body);
      else {
        response.write(answer.body.subarray(0, answer.body.length >> 1));
        response.socket?.destroySoon();
      }
    } catch {
      response.socket?.destroy();
    }
  }

  #sendAgain(asked: IncomingMessage, body: Buffer): void {
    const isLate = this.#random.chance(0.5);
    const sent = isLate ? this.#pause(lateMaxMs).then(() => this.#pass(asked, body)) : undefined;
    void (sent ?? this.#pass(asked, body)).catch(() => {});
  }

  async #pass({ method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
    const passed = request({
      host: "127.0.0.1",
      port: this.#port,
      agent: this.#agent,
      method,
      path: url,
      headers,
    });
    passed.end(body);
    const [answer] = (await once(passed, "response")) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await bytesOf(answer) };
  }
}
