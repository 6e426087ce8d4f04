// How every command of this repository answers --help and what it does not understand: with its
// usage, and with no stack. Any Node from 20 on will do.
import { parseArgs } from "node:util";

/** What parseArgs of node:util returns for `config`. Ends the process after --help (0) or a mistake
 *  (2). */
export function readArguments(usage, config) {
  try {
    const help = { type: "boolean", short: "h", default: false };
    const read = parseArgs({ ...config, options: { ...config.options, help } });
    if (!read.values.help) return read;
    console.log(usage);
    process.exit(0);
  } catch (error) {
    console.error(`${error.message.split(". ")[0]}.\n\n${usage}`);
    process.exit(2);
  }
}
