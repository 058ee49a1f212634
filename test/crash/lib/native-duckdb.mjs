// DuckDB's native code as the program will find it, to be listened to or changed: `native.query = …`. Its own functions cannot be
// replaced, and what calls them may be within a bundle; so the program gets a copy that can.
import { createRequire } from "node:module"

const require = createRequire(import.meta.url)
const real = require("@duckdb/node-bindings")
const names = Object.getOwnPropertyNames(real)

/** All functions and values of the native code. */
export const native = Object.fromEntries(names.map((name) => [name, real[name]]))

const loaded = require.cache[require.resolve("@duckdb/node-bindings")]
if (loaded !== undefined) loaded.exports = native

/** What a statement's text goes through on its way to the engine, with and without parameters. */
export const STATEMENTS = ["query", "extract_statements"]
