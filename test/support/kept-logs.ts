// Keeps what is logged, and tells it when a test fails (`each-file.ts`). The runner's own relay of
// the console asks for an answer to each line, and does not send a line that another object's event
// logged before its own next message: behind the last test of a file there is none, and the run
// stands still (cloudflare/workers-sdk issue 15719).
const tell = console.error.bind(console);
const lines: string[] = [];

for (const level of ["log", "info", "warn", "error", "debug"] as const) {
  console[level] = (...values: unknown[]) => void lines.push(values.map(String).join(" "));
}

export function forgetLogs(): void {
  lines.length = 0;
}

export function tellLogs(): void {
  if (lines.length > 0) tell(lines.join("\n"));
}
