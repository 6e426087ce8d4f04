// `npm run check:history -- FILE`: checks a recorded history. Exit code 0: no violation; 1: some,
// each on a line of its own; 2: the file is not a history. The format: docs/history-format.md.
import { checkHistory } from "./checker.ts";
import { MalformedHistory, readHistory } from "./format.ts";
import { describeVerdict } from "./verdict.ts";

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error("usage: npm run check:history -- FILE");
  process.exit(2);
}
try {
  const startedAt = performance.now();
  const verdict = checkHistory(await readHistory(path));
  console.log(describeVerdict(verdict, performance.now() - startedAt));
  process.exitCode = verdict.violations.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof MalformedHistory)) throw error;
  console.error(`${path}: ${error.message}`);
  process.exitCode = 2;
}
