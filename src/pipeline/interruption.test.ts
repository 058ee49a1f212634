import { spawn, spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { buildSync } from "esbuild"
import { beforeAll, expect, test } from "vitest"
import { openDuckDb } from "../warehouse/duckdb/duckdb-warehouse.ts"

const FIXTURE = fileURLToPath(new URL("./interruption.fixture.ts", import.meta.url))
/** One file that starts as quickly as the program does, where DuckDB is found. */
const SCRIPT = join(FIXTURE, "../../../node_modules/.cache/cartwright/interruption.mjs")

beforeAll(() => {
  buildSync({
    entryPoints: [FIXTURE],
    outfile: SCRIPT,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
  })
})

/** Two days of a keyed data set and one file without key, which holds a broken line and another encoding. */
function folderOfFiles(): string {
  const root = mkdtempSync(join(tmpdir(), "cartwright-interruption-"))
  const write = (name: string, content: string | Uint8Array) => {
    const path = join(root, "files", name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    utimesSync(path, new Date("2026-01-05"), new Date("2026-01-05"))
  }
  const day = (changed: number) =>
    Array.from(
      { length: 60_000 },
      (_, i) => `${i},session-${i * 7},${i % 100 === 0 ? changed : "same"} text\n`,
    )
  write("events/date=20260101/events.csv", `id,session,v\n${day(1).join("")}`)
  write("events/date=20260102/events.csv", `id,session,v\n${day(2).join("")}`)
  write("lines.csv", Buffer.from(`a,b\n${"x,\xa3 1\n".repeat(20_000)}broken\n`, "latin1"))
  return root
}

/** Everything that must be the same however often the work was interrupted. */
async function contents(root: string) {
  const warehouse = await openDuckDb({ path: join(root, "warehouse.duckdb"), readOnly: true })
  const session = await warehouse.session()
  const of = async (sql: string) => (await session.result(sql)).rows
  const tables = await of("select table_name from duckdb_tables() where schema_name = 'bronze' order by 1")
  const logs = await of(
    ["events", "lines"]
      .map(
        (name) =>
          `select '${name}', count(*), bit_xor(hash(#1, _landing_id, _row_number, _op, _seq)) from bronze.shop__${name}`,
      )
      .join(" union all "),
  )
  const landings = await of("select * exclude loaded_at from bronze.landings order by first_seq")
  const rejected = await of("select * exclude loaded_at from bronze.rejected_lines order by seq")
  session.close()
  await warehouse.close()
  return { tables, logs, landings, rejected }
}

const run = (root: string) =>
  spawn(process.execPath, [SCRIPT, root], { stdio: ["ignore", "pipe", "inherit"] })

test("killed anywhere and run again = never killed", async () => {
  const calm = folderOfFiles()
  const started = Date.now()
  await ended(run(calm))
  const duration = Date.now() - started
  const expected = await contents(calm)
  expect(expected.landings.length).toBe(3)
  const shaken = mkdtempSync(join(tmpdir(), "cartwright-interruption-"))
  cpSync(join(calm, "files"), join(shaken, "files"), { recursive: true, preserveTimestamps: true })
  let kills = 0
  for (let i = 0; i < 8; i++) {
    const child = run(shaken)
    // Not before the program has begun to work: most of its first tenth is starting up.
    await wait(duration * (0.1 + 0.1 * i))
    if (child.exitCode === null) kills++
    child.kill("SIGKILL")
    await ended(child)
    if (i % 3 === 2) rmSync(join(shaken, "warehouse.duckdb"), { force: true })
    if (i % 3 === 2) rmSync(join(shaken, "warehouse.duckdb.wal"), { force: true })
  }
  expect(kills).toBeGreaterThan(2)
  await ended(run(shaken))
  expect(await contents(shaken)).toEqual(expected)
})

test("on a full disk the error says so, nothing half counts, and with space the rerun succeeds", async () => {
  const calm = folderOfFiles()
  await ended(run(calm))
  const expected = await contents(calm)
  const full = mkdtempSync(join(tmpdir(), "cartwright-interruption-"))
  cpSync(join(calm, "files"), join(full, "files"), { recursive: true, preserveTimestamps: true })
  const messages: string[] = []
  // No file may grow beyond the limit (in KiB): at first not the lake's, then not the warehouse's.
  for (const limit of [500, 2500]) {
    const command = `ulimit -f ${limit}; exec "${process.execPath}" "${SCRIPT}" "${full}"`
    const { stdout, status } = spawnSync("bash", ["-c", command], { encoding: "utf8" })
    expect(status).toBe(9)
    const told = JSON.parse(stdout) as { code: string; message: string; state: string }
    expect(told.code).toBe("environment")
    expect(told.message).toContain("the disk is full")
    expect(told.state).not.toBe("")
    messages.push(told.message)
  }
  expect(new Set(messages).size).toBe(2)
  await ended(run(full))
  expect(await contents(full)).toEqual(expected)
})

function ended(child: ReturnType<typeof run>): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.on("exit", () => resolve())
  })
}
