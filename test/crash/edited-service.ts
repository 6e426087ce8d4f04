// The service, built from a scratch copy of the sources after some edits: settings that only this
// test has, and planted faults.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { prepareService, type ServiceFolder } from "../../scripts/workerd.ts";
import { edited, type Edit } from "../planted/planted-fault.ts";
import { Sandbox } from "../planted/sandbox.ts";

/** `path`: the folder of the service. `settings`: further bindings. */
export async function prepareEdited(
  path: string,
  edits: readonly Edit[],
  settings: Readonly<Record<string, string>>,
): Promise<ServiceFolder> {
  const tree = new Sandbox();
  try {
    for (const edit of edits) writeFileSync(join(tree.path, edit.file), edited(tree.path, edit));
    return await prepareService(path, join(tree.path, "wrangler.toml"), settings);
  } finally {
    tree.remove();
  }
}
