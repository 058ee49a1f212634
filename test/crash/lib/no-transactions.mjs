// Breaks the program on purpose: every statement counts by itself, whatever transaction it is part of.
import * as duckdb from "@duckdb/node-api"

const { prototype } = duckdb.DuckDBConnection
const { run } = Object.getOwnPropertyDescriptors(prototype)
prototype.run = function (sql, ...rest) {
  const bounds = /^\s*(?:begin|commit|rollback)\b/i.test(sql)
  return run.value.call(this, bounds ? "select 1" : sql, ...(bounds ? [] : rest))
}
