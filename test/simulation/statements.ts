// Statements of SQLite as the simulated disk keeps them: what they are, and their parameters.
import type { SQLInputValue } from "node:sqlite";
import type { SqlValue } from "../../src/platform/storage.ts";

export interface Statement {
  readonly sql: string;
  readonly bindings: readonly SqlValue[];
}

type StatementKind = "read" | "write" | "script";

const kinds = new Map<string, StatementKind>();

export function kindOf(sql: string): StatementKind {
  let kind = kinds.get(sql);
  if (!kind) {
    if (/;\s*\S/.test(sql)) kind = "script";
    else kind = /^\s*(?:SELECT|PRAGMA)\b/i.test(sql) ? "read" : "write";
    kinds.set(sql, kind);
  }
  return kind;
}

/** Node takes `?1` for the name of a parameter. */
export function parametersOf({
  sql,
  bindings,
}: Statement): [Record<string, SQLInputValue>] | SqlValue[] {
  if (!/\?\d/.test(sql)) return [...bindings];
  return [Object.fromEntries(bindings.map((value, index) => [`${index + 1}`, value]))];
}
