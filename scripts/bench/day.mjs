import { cpSync, existsSync, linkSync, mkdirSync, renameSync, rmSync } from "node:fs"
import { spawnSync } from "node:child_process"
import { join } from "node:path"
import { DuckDBInstance } from "@duckdb/node-api"

const DATA_SETS = ["users", "products", "orders", "order_items", "events"]

/** How a shop of 2.4 M events can get its last 1 %: data set → condition on rows `r` of the first delivery. */
const SPLITS = {
  inOrder: (table, { from }) => (table === "products" ? "true" : `r.created_at < '${from}'`),
  late: (table) =>
    ({
      products: "true",
      orders: "hash(r.order_id) % 100 > 0",
      order_items: "hash(r.order_id) % 100 > 0",
      events: "hash(r.session_id) % 100 > 0",
    })[table] ?? "hash(r.id) % 100 > 0",
}

/**
 * Splits generated files into a first delivery of 99 % and a second one, kept between benchmarks.
 * @param kind `inOrder`: the second holds the rows of the last 1 % of time; `late`: rows of all months; `snapshot`: everything again
 * @returns folders of the two deliveries
 */
export async function deliveries(home, raw, kind) {
  const folder = join(home, `day-${kind}`)
  const [first, second] = [join(folder, "date=20251230"), join(folder, "date=20251231")]
  if (existsSync(join(folder, "done"))) return { first, second }
  rmSync(folder, { recursive: true, force: true })
  for (const path of [first, second]) mkdirSync(path, { recursive: true })
  const connection = await (await DuckDBInstance.create(":memory:")).connect()
  const read = (table) =>
    `read_csv('${join(raw, `${table}.csv`)}', all_varchar = true, header = true, parallel = false) r`
  const found = await connection.runAndReadAll(
    `select quantile_disc(created_at, 0.99) from ${read("events")}`,
  )
  const from = String(found.getRows()[0][0])
  for (const table of DATA_SETS) {
    const isFirst = SPLITS[kind === "late" ? "late" : "inOrder"](table, { from })
    await connection.run(`copy (select * from ${read(table)} where ${isFirst}) to '${first}/${table}.csv'`)
    if (kind === "snapshot") linkSync(join(raw, `${table}.csv`), join(second, `${table}.csv`))
    else if (isFirst !== "true") {
      await connection.run(
        `copy (select * from ${read(table)} where not (${isFirst})) to '${second}/${table}.csv'`,
      )
    }
  }
  mkdirSync(join(folder, "done"))
  return { first, second }
}

/**
 * Prepares a shop that has run on the first delivery, and gives what runs it on the second as often as asked for.
 * @param init makes a shop of the files in a folder; `run` runs one
 */
export async function dayAfter(home, name, { first, second }, { init, run }) {
  const files = join(home, `day-files-${name}`)
  const [base, measured] = [join(home, `shop-day-${name}`), join(home, `shop-day-${name}-measured`)]
  for (const path of [files, base, measured]) rmSync(path, { recursive: true, force: true })
  mkdirSync(files, { recursive: true })
  const delivered = join(files, "date=20251231")
  cpSync(first, join(files, "date=20251230"), { recursive: true, preserveTimestamps: true })
  cpSync(second, delivered, { recursive: true, preserveTimestamps: true })
  // Seeing both deliveries, init finds out by itself whether the second is a snapshot or only what is new.
  await init(files, measured)
  renameSync(delivered, `${files}-second`)
  await run(measured)
  renameSync(`${files}-second`, delivered)
  // A shop stays where it is from day to day: what it keeps of its project is of that folder.
  copyToDisk(measured, base)
  return async () => {
    rmSync(measured, { recursive: true, force: true })
    copyToDisk(base, measured)
    return run(measured)
  }
}

/** Copies a folder, and waits until the disk has it: what is measured next would wait for it too. */
export function copyToDisk(from, to) {
  cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
  spawnSync("sync", ["-f", to])
}
