// The one place that writes logs: one JSON object per line. A line may only have the fields below,
// so that names, metadata, payment references and secrets cannot get into it by accident.

export type LogLevel = "info" | "warn" | "error";

/** One HTTP request, after its answer. Its ids: what it was about. */
interface RequestLine {
  readonly event: "request";
  readonly requestId: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  /** Id of who asked, once it was believed; and why it was not. Never a credential. */
  readonly principal?: string;
  readonly denied?: string;
  readonly transactionId?: string;
  readonly batchId?: string;
  readonly walletId?: string;
  readonly replayed?: boolean;
}

/** One transition of a transaction. `attempt` counts the drives since it was recorded, from 1. */
interface SagaLine {
  readonly event: "saga";
  readonly requestId: string;
  readonly transactionId: string;
  readonly from: string;
  readonly to: string;
  readonly attempt: number;
}

/** A batch, when it is recorded. Its items have lines of their own. */
interface BatchLine {
  readonly event: "batch";
  readonly requestId: string;
  readonly batchId: string;
  readonly count: number;
}

/** Records that contradict each other (a bug or a damaged store), a decided transaction that many
 *  attempts have not settled, or a posting that a wrong clock has dated too far ahead. Alerts an
 *  operator. Of some faults no transaction is known. */
interface AlertLine {
  readonly event: "integrity_fault" | "stuck" | "clock_ahead";
  readonly requestId: string;
  readonly transactionId?: string;
  readonly account?: string;
  readonly detail: string;
}

/** A call or a run that failed without deciding anything; it is tried again. */
interface FailureLine {
  readonly event: "call_failed" | "alarm_failed" | "unhandled";
  readonly requestId: string;
  readonly target: string;
  readonly detail: string;
}

/** A setting that is missing or wrong, said once by each isolate. Never its value. */
interface SettingLine {
  readonly event: "setting_invalid";
  readonly setting: string;
  readonly detail: string;
}

/** Said once by each isolate that lets everybody in. */
interface ModeLine {
  readonly event: "development_mode";
  readonly detail: string;
}

export type LogLine =
  RequestLine | BatchLine | SagaLine | AlertLine | FailureLine | SettingLine | ModeLine;

export type Log = (level: LogLevel, line: LogLine) => void;

type WithoutRequest<Line> = Line extends unknown ? Omit<Line, "requestId"> : never;

/** A log of the work for one request: its lines get the request's id. */
export type WorkLog = (
  level: LogLevel,
  line: WithoutRequest<SagaLine | AlertLine | FailureLine>,
) => void;

export function workLog(log: Log, requestId: string): WorkLog {
  return (level, line) => log(level, Object.assign({ event: line.event, requestId }, line));
}

const textMax = 300;
const sensitive =
  /(authorization|bearer|cookie|password|secret|token|api[_-]?key)(["'\s:=]+)[^\s"',;]+/gi;

/** What an engine quotes of its input: JSON.parse a piece of the text, SQLite a piece of SQL. */
const quoted = /".*"/gs;

/** A message of an error may quote input: what is quoted or looks like a secret is blanked, and
 *  the rest is cut. */
function redact(text: string): string {
  const unquoted = text.replace(quoted, '"..."');
  return unquoted.replace(sensitive, "$1$2[redacted]").slice(0, textMax);
}

export function describeError(error: unknown): string {
  return redact(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

export const writeLog: Log = (level, line) => {
  const text = JSON.stringify({ time: new Date().toISOString(), level, ...line });
  if (level === "error") console.error(text);
  else if (level === "warn") console.warn(text);
  else console.log(text);
};
