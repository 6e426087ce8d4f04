// The service's own log: alerts in it are faults, even where no client has noticed anything.

const faults: ReadonlySet<unknown> = new Set([
  "integrity_fault",
  "stuck",
  "clock_ahead",
  "alarm_failed",
  "unhandled",
]);

/** Every alert, once in each wording. A line that a kill has cut off is skipped. */
export function faultsIn(log: string): string[] {
  const found = new Set<string>();
  for (const line of log.split("\n")) {
    const fields = parse(line);
    if (!fields || !faults.has(fields["event"])) continue;
    const { time: _, requestId: __, ...what } = fields;
    found.add(`logged ${JSON.stringify(what)}`);
  }
  return [...found];
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
