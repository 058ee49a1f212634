// Loaded before the program (`node --import`). Counts what the program does to its disk and warehouse, and ends the
// process with SIGKILL right before the n-th of these actions: as a loss of power would, no handler and no `finally` runs.
//   KILL_AT=n      the action before which it dies
//   KILL_BEFORE=r  the regular expression of the action before which it dies
//   KILL_TRACE=f   appends every action's name to the file f
// A file that is written whole counts three times: empty, half-written and not closed, written.
import fs from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import { join } from "node:path"
import { native, STATEMENTS } from "./native-duckdb.mjs"

const at = Number(process.env["KILL_AT"] ?? 0)
const before = process.env["KILL_BEFORE"] === undefined ? undefined : new RegExp(process.env["KILL_BEFORE"])
const trace =
  process.env["KILL_TRACE"] === undefined ? undefined : fs.openSync(process.env["KILL_TRACE"], "a")
const original = { ...fs, promises: { ...fs.promises } }
let count = 0

/** What no later run reads: devices, a run's log, the SQL that dbt compiled. */
const unread = /^\/(?:dev|proc)\/|[/]log[.]ndjson$|[/]runs[/][^/]+[/]dbt[/]/
const opened = new Map()

function act(name, placeOrFile) {
  const place = typeof placeOrFile === "number" ? (opened.get(placeOrFile) ?? "") : String(placeOrFile)
  if (unread.test(place)) return
  count++
  if (trace !== undefined) original.writeSync(trace, `${name} ${place}\n`)
  if (count === at || before?.test(`${name} ${place}`)) process.kill(process.pid, "SIGKILL")
}

const writes = (flags) => (typeof flags === "number" ? (flags & 3) !== 0 : /[wa+]/.test(flags ?? "r"))
const bytesOf = (content, options) =>
  typeof content === "string"
    ? Buffer.from(content, typeof options === "string" ? options : (options?.encoding ?? "utf8"))
    : Buffer.from(content.buffer, content.byteOffset, content.byteLength)

/** Writes as the kernel does: the file is made or emptied, filled bit by bit, closed. */
function writeSlowly(path, content, options, flag) {
  const bytes = bytesOf(content, options)
  act("create", path)
  const file = original.openSync(path, options?.flag ?? flag, options?.mode)
  try {
    act("write the first half of", path)
    const half = original.writeSync(file, bytes, 0, bytes.length >> 1)
    act("write the second half of", path)
    for (let done = half; done < bytes.length; ) done += original.writeSync(file, bytes, done)
    if (options?.flush) original.fsyncSync(file)
  } finally {
    original.closeSync(file)
  }
}

function removeSlowly(path, options) {
  const found = original.lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined && options?.force) return
  if (found?.isDirectory() && options?.recursive) {
    for (const name of original.readdirSync(path)) removeSlowly(join(path, name), options)
    act("rmdir", path)
    original.rmdirSync(path)
    return
  }
  act("unlink", path)
  original.unlinkSync(path)
}

fs.openSync = (path, flags, ...rest) => {
  if (writes(flags)) act("open", path)
  const file = original.openSync(path, flags, ...rest)
  opened.set(file, String(path))
  return file
}
fs.open = (path, flags, ...rest) => {
  if (writes(typeof flags === "function" ? "r" : flags)) act("open", path)
  const told = rest.pop()
  return original.open(path, flags, ...rest, (error, file) => {
    if (!error) opened.set(file, String(path))
    told(error, file)
  })
}
for (const name of ["write", "writev", "writeSync"]) {
  fs[name] = (file, ...rest) => {
    if (opened.has(file)) act(name, file)
    return original[name](file, ...rest)
  }
}
fs.writeFileSync = (path, content, options) => writeSlowly(path, content, options, "w")
fs.appendFileSync = (path, content, options) => writeSlowly(path, content, options, "a")
fs.copyFileSync = (from, to, mode) => {
  writeSlowly(to, original.readFileSync(from), undefined, mode === 1 ? "wx" : "w")
}
fs.cpSync = (from, to, options) => {
  if (original.statSync(from).isDirectory()) throw new Error("kill-at.mjs copies no folders")
  original.mkdirSync(join(to, ".."), { recursive: true })
  void options
  fs.copyFileSync(from, to)
}
fs.rmSync = removeSlowly
fs.promises.writeFile = async (path, content, options) => writeSlowly(path, content, options, "w")
fs.promises.copyFile = async (from, to, mode) => fs.copyFileSync(from, to, mode)
fs.promises.rm = async (path, options) => removeSlowly(path, options)
fs.promises.open = async (path, flags, ...rest) => {
  if (writes(flags)) act("open", path)
  const handle = await original.promises.open(path, flags, ...rest)
  opened.set(handle.fd, String(path))
  return handle
}
for (const name of ["rename", "link", "unlink", "mkdir", "mkdtemp", "rmdir", "truncate", "symlink"]) {
  const target = (from, to) => (typeof to === "string" ? to : from)
  fs[`${name}Sync`] = (...args) => {
    act(name, target(...args))
    return original[`${name}Sync`](...args)
  }
  fs.promises[name] = async (...args) => {
    act(name, target(...args))
    return original.promises[name](...args)
  }
}
syncBuiltinESMExports()

const handle = await original.promises.open("/dev/null")
const FileHandle = Object.getPrototypeOf(handle)
await handle.close()
for (const name of ["write", "writeFile", "sync", "datasync"]) {
  const method = FileHandle[name]
  FileHandle[name] = function (...args) {
    act(name, this.fd)
    return method.apply(this, args)
  }
}

/** Statements that change nothing do not count. */
const reads =
  /^[\s(]*(?:--[^\n]*\n\s*|\/\*.*?\*\/\s*)*(?:select|with|from|describe|show|explain|pragma|set)\b/is
for (const name of STATEMENTS) {
  const method = native[name]
  native[name] = (connection, sql) => {
    if (!reads.test(sql)) act("sql", sql.trim().replaceAll(/\s+/g, " ").slice(0, 90))
    return method(connection, sql)
  }
}
const close = native.close_sync
native.close_sync = (database) => {
  act("close", "warehouse")
  return close(database)
}
