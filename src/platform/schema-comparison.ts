// Compares the schema of an object with its declared migrations: a trigger or a table that was
// dropped, changed or added from outside. Reads only.
import type { Migration } from "./migrations.ts";
import type { ObjectStorage, SqlRow } from "./storage.ts";

interface SchemaRow extends SqlRow {
  name: string;
  sql: string;
}

const creation = /^CREATE (?:TABLE|INDEX|VIEW|TRIGGER) (\w+)/gm;

/** What SQLite and the runtime keep for themselves, and the list of migrations, is left out. */
const storedQuery = `SELECT name, sql FROM sqlite_master
  WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' AND name NOT GLOB '_cf_*'
    AND name <> 'migrations'
  ORDER BY name`;

/** The name of the first table, index, view or trigger that is not as it was declared; undefined
 *  where all are. SQLite keeps the text of a declaration as it was written. What a newer release
 *  has added is no difference: it also lists its migrations. */
export function differingDeclaration(
  storage: ObjectStorage,
  declared: readonly Migration[],
): string | undefined {
  const text = declared.map(({ sql }) => sql).join("\n");
  const stored = storage.sql.exec<SchemaRow>(storedQuery).toArray();
  const found = new Set(stored.map(({ name }) => name));
  const missing = [...text.matchAll(creation)].find(([, name = ""]) => !found.has(name));
  if (missing) return missing[1];
  const migrations = storage.sql.exec<{ id: string }>("SELECT id FROM migrations").toArray();
  const applied = new Set(migrations.map(({ id }) => id));
  if (declared.some(({ id }) => !applied.has(id))) return "migrations";
  const isNewer = applied.size > declared.length;
  return isNewer ? undefined : stored.find(({ sql }) => !text.includes(`${sql};`))?.name;
}
