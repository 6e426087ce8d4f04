// The load generator: autocannon, with another request each time and every answer accounted for.
// Closed loop: each connection sends its next request when the last one is answered.
import autocannon from "autocannon";

export interface Operation {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Of writes: the Idempotency-Key, fresh for each operation. */
  readonly key?: string;
  readonly body?: string;
  /** Money that enters the books when this is acknowledged, in minor units. */
  readonly inflow?: number;
}

export interface Load {
  readonly origin: string;
  readonly connections: number;
  /** Answered and not measured, before `seconds`. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly next: () => Operation;
}

export interface Answers {
  /** Of the successes in the measured time. */
  readonly latenciesMs: readonly number[];
  /** Other answers than success in the measured time, and connections that failed. */
  readonly errors: number;
  /** Successes, warm-up included, and what they brought in. */
  readonly succeeded: number;
  readonly inflow: number;
  /** The last writes that were acknowledged, at most 1,000 of them. */
  readonly acknowledged: readonly Operation[];
  /** Writes of unknown outcome: cut off at the end, 202 or 5xx. The client has to repeat them. */
  readonly unknown: readonly Operation[];
}

/** Longer than the service ever takes to answer. */
const timeoutSeconds = 30;
const acknowledgedMax = 1_000;
/** How often autocannon looks whether it shall stop, in ms. */
const stopPollMs = 50;

const isSuccess = (status: number) => status === 200 || status === 201;
const isUnknown = (status: number) => status === 202 || status >= 500;

export function headersOf({ key, body }: Operation): Record<string, string> {
  return {
    ...(key !== undefined && { "idempotency-key": key }),
    ...(body !== undefined && { "content-type": "application/json" }),
  };
}

/** Puts the service under load for a fixed time. */
export async function runLoad(load: Load): Promise<Answers> {
  const { origin, connections, warmUpSeconds, seconds } = load;
  const latenciesMs: number[] = [];
  const outstanding = new Set<Operation>();
  const acknowledged: Operation[] = [];
  let [errors, succeeded, inflow] = [0, 0, 0];

  const from = performance.now() + warmUpSeconds * 1_000;
  const until = from + seconds * 1_000;
  const isMeasured = () => performance.now() >= from && performance.now() < until;

  const setupRequest = (request: autocannon.Request, context: object): autocannon.Request => {
    const operation = load.next();
    outstanding.add(operation);
    Object.assign(context, { operation });
    const { method, path, body } = operation;
    return { ...request, method, path, headers: headersOf(operation), body };
  };
  const onResponse = (status: number, _body: string, context: object): void => {
    const { operation } = context as { operation: Operation };
    if (!isUnknown(status)) outstanding.delete(operation);
    if (!isSuccess(status)) return;
    if (operation.key !== undefined) acknowledged[succeeded % acknowledgedMax] = operation;
    succeeded += 1;
    inflow += operation.inflow ?? 0;
  };

  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  const options = {
    url: origin,
    connections,
    duration: warmUpSeconds + seconds + timeoutSeconds,
    timeout: timeoutSeconds,
    sampleInt: stopPollMs,
    requests: [{ setupRequest, onResponse }],
  };
  const instance = autocannon(options, (error: unknown) => (error ? reject(error) : resolve()));
  instance.on("response", (_client, status, _bytes, responseTime) => {
    if (!isMeasured()) return;
    if (isSuccess(status)) latenciesMs.push(responseTime);
    else errors += 1;
  });
  instance.on("reqError", () => {
    if (isMeasured()) errors += 1;
  });
  const timer = setTimeout(() => instance.stop(), until - performance.now());
  await ended;
  clearTimeout(timer);
  const unknown = [...outstanding].filter((operation) => operation.key !== undefined);
  return { latenciesMs, errors, succeeded, inflow, acknowledged, unknown };
}

/** Calls `work` for every item, `limit` at a time. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
