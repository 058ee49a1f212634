// Breaks the program on purpose: every statement counts by itself, whatever transaction it is part of.
import { native, STATEMENTS } from "./native-duckdb.mjs"

for (const name of STATEMENTS) {
  const method = native[name]
  native[name] = (connection, sql) =>
    method(connection, /^\s*(?:begin|commit|rollback)\b/i.test(sql) ? "select 1" : sql)
}
