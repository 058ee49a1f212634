import type { Builtin } from "../builtin/builtin.ts"
import { CROSS_DATABASE } from "../builtin/cross-database.ts"
import { DATES } from "../builtin/dates.ts"
import { NAMING } from "../builtin/naming.ts"
import { STATEMENTS } from "../builtin/statements.ts"
import { TESTS } from "../builtin/tests.ts"
import type { BuiltinMacro } from "./entry.ts"

const ALL: readonly Builtin[] = [...CROSS_DATABASE, ...DATES, ...NAMING, ...STATEMENTS, ...TESTS]

/** The macros of dbt that there are, by every name that they can be called by. */
export const BUILTINS: ReadonlyMap<string, BuiltinMacro> = new Map(ALL.flatMap(entriesOf))

function entriesOf(builtin: Builtin): [string, BuiltinMacro][] {
  const entry = (name: string, dispatches: boolean): [string, BuiltinMacro] => [
    name,
    { kind: "builtin", packageName: "dbt", name, uniqueId: `macro.dbt.${name}`, builtin, dispatches },
  ]
  if (builtin.prefix === undefined) return [entry(builtin.name, false)]
  const names: [string, BuiltinMacro][] = [
    entry(builtin.name, true),
    entry(`${builtin.prefix}__${builtin.name}`, false),
  ]
  // dbt has a default of each; where DuckDB has its own, both give the same here.
  if (builtin.prefix === "duckdb") names.push(entry(`default__${builtin.name}`, false))
  return names
}
