// Statements that rewrite history. A table that is a record must refuse every one of them and stay
// byte-identical, whatever conflict clause they come with.
import { contentsOf, refusalOf, runSql, textOf } from "./objects.ts";

/** Runs each statement and returns those that were not refused with a message that matches, or
 *  that changed anything all the same. */
export async function attacksThatPass(
  object: DurableObjectStub,
  statements: readonly string[],
  message: RegExp,
): Promise<string[]> {
  if (statements.length === 0) throw new Error("no attack was made");
  const before = await contentsOf(object);
  const passed: string[] = [];
  for (const statement of statements) {
    const refusal = await refusalOf(object, statement);
    if (!message.test(refusal)) passed.push(`${statement}: ${refusal || "accepted"}`);
    if ((await contentsOf(object)) !== before) return [...passed, `${statement}: changed rows`];
  }
  return passed;
}

async function columnsOf(object: DurableObjectStub, table: string): Promise<string[]> {
  const columns = await runSql(object, `SELECT name FROM pragma_table_info('${table}')`);
  return columns.map((column) => textOf(column["name"]));
}

/** An INSERT (`INSERT OR REPLACE`, `REPLACE`, ...) of the rows of `where`, with changed columns. */
export async function copyRow(
  object: DurableObjectStub,
  insert: string,
  table: string,
  where: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<string> {
  const columns = await columnsOf(object, table);
  const values = columns.map((column) => changes[column] ?? column);
  const from = `SELECT ${values.join(", ")} FROM ${table} WHERE ${where}`;
  return `${insert} INTO ${table} (${columns.join(", ")}) ${from}`;
}

/** Updates, deletions and replacements of the rows of `where`, column by column. */
export async function rewritesOf(
  object: DurableObjectStub,
  table: string,
  where: string,
): Promise<string[]> {
  const columns = await columnsOf(object, table);
  const updates = columns.flatMap((column) =>
    ["UPDATE", "UPDATE OR REPLACE", "UPDATE OR IGNORE"].map(
      (update) => `${update} ${table} SET ${column} = ${column} WHERE ${where}`,
    ),
  );
  const replacements = ["INSERT", "INSERT OR REPLACE", "REPLACE", "INSERT OR IGNORE"];
  const copies = await Promise.all(
    replacements.map((insert) => copyRow(object, insert, table, where)),
  );
  return [...updates, ...copies, `DELETE FROM ${table} WHERE ${where}`, `DELETE FROM ${table}`];
}
