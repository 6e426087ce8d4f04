// Runs before each test file. Many files run one after the other in one runtime, with one module
// graph (`isolate: false`): each begins without the objects, the spies and the clock of the last.
import { beforeEach, vi } from "vitest";
import { emptyObjects } from "./fresh-objects.ts";
import { forgetLogs, tellLogs } from "./kept-logs.ts";

vi.useRealTimers();
vi.restoreAllMocks();
await emptyObjects();

beforeEach(({ onTestFailed }) => {
  forgetLogs();
  onTestFailed(tellLogs);
});
