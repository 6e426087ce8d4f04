// Copies what the documentation page loads from the installed Swagger UI to dist/docs, so that the
// page works with no network. Runs before the Worker is built. Any Node from 20 on will do.
import { copyFileSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import locateSwaggerUi from "swagger-ui-dist/absolute-path.js";

const files = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];

/** Of our own. */
const own = ["start.js", "docs.css"];

const source = locateSwaggerUi();
const assets = fileURLToPath(new URL("../assets", import.meta.url));
const target = fileURLToPath(new URL("../dist/docs", import.meta.url));

/** Renamed into place: a service that is running from this folder never reads half a file. */
function put(file, write) {
  const unfinished = join(target, `.${file}.${process.pid}`);
  write(unfinished);
  renameSync(unfinished, join(target, file));
}

mkdirSync(target, { recursive: true });
for (const file of files) put(file, (path) => copyFileSync(join(source, file), path));
for (const file of own) put(file, (path) => copyFileSync(join(assets, file), path));
