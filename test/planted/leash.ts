// node test/planted/leash.ts PROGRAM [PARAMETER...]   runs it, and ends with it
// The leader of a process group of its own. When the process that started it is gone, however
// it ended, standard input closes and the group is ended: no test runner or runtime is left behind.
import { spawn } from "node:child_process";

const [program = "", ...parameters] = process.argv.slice(2);

process.stdin.on("close", () => process.kill(-process.pid, "SIGKILL")).resume();

spawn(program, parameters, { stdio: ["ignore", "inherit", "inherit"] })
  .on("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  })
  .on("exit", (exitCode) => process.exit(exitCode ?? 1));
