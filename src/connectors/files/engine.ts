/** DuckDB, in a module of its own: it is loaded by those who look into a file with it. */
export { DuckDBInstance } from "@duckdb/node-api"
