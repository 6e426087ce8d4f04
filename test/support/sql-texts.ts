// Finds SQL that is not a constant: in the layers that may run SQL, the first argument of every
// `exec` is a literal, a `const` that is bound to one, or the text of a migration. Reads source that
// a formatter has seen, without its comments.

const literal = String.raw`(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|${"`(?:[^`\\\\$]|\\\\.|\\$(?!\\{))*`"})`;
const constant = new RegExp(`^${literal}\\s*[,)]`);
const name = /^([A-Za-z_$][\w$]*)\s*[,)]/;
const migration = /^migration\.sql\s*\)/;

/** What follows `exec`: the text behind the opening parenthesis of the call, past type arguments. */
function argumentsOf(after: string): string | undefined {
  let depth = 0;
  let end = 0;
  while (after[end] === "<" || depth > 0) {
    if (after[end] === "<") depth += 1;
    if (after[end] === ">") depth -= 1;
    end += 1;
    if (end > after.length) return undefined;
  }
  return after[end] === "(" ? after.slice(end + 1).trimStart() : undefined;
}

/** Whether every binding of the name in the file is a `const` with a literal, and none a parameter. */
function isConstant(code: string, variable: string): boolean {
  const escaped = variable.replaceAll("$", String.raw`\$`);
  const bindings = [...code.matchAll(new RegExp(`\\b(const|let|var)\\s+${escaped}\\b`, "g"))];
  const bound = new RegExp(`^const\\s+${escaped}(?::\\s*string)?\\s*=\\s*${literal}\\s*;`);
  const parameter = new RegExp(`[(,]\\s*${escaped}\\??\\s*:`);
  const constants = bindings.filter(({ index }) => bound.test(code.slice(index)));
  return bindings.length > 0 && constants.length === bindings.length && !parameter.test(code);
}

/** `mayRunMigrations`: whether the file is the one that runs the declared migrations. */
export function variableSql(code: string, mayRunMigrations: boolean): string[] {
  return [...code.matchAll(/\bexec\b/g)].flatMap(({ index }) => {
    const line = `line ${code.slice(0, index).split("\n").length}`;
    const called = code[index - 1] === "." ? argumentsOf(code.slice(index + 4)) : undefined;
    if (called === undefined) return [`${line}: exec is passed on`];
    if (constant.test(called)) return [];
    if (mayRunMigrations && migration.test(called)) return [];
    const variable = name.exec(called)?.[1];
    return variable !== undefined && isConstant(code, variable) ? [] : [`${line}: variable SQL`];
  });
}
