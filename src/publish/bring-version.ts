import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { isMissing } from "../storage/local/system-errors.ts"
import { copyTo } from "../storage/local/temporary-copy.ts"
import type { Storage } from "../storage/storage.ts"
import { openDuckDb, quoteIdentifier, quoteLiteral } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../warehouse/warehouse.ts"
import { type ExportedVersion, newestExport } from "./bigquery/exports.ts"
import { linkOrCopy, syncedFiles, writeDurably } from "./files.ts"
import { removeOld } from "./left-overs.ts"
import {
  BUILDING,
  currentVersion,
  DESCRIPTION,
  pointedVersion,
  pointTo,
  type PublishedTable,
  type PublishedVersion,
  sequenceOf,
} from "./version.ts"

/** What reading may use; there is little to sort or join. */
const MEMORY = "1GB"

/**
 * Brings the newest version of a bucket to this machine, as a version of the shop's folder `published/`: what readers of such a folder
 * see then is as if it had been published there. Tables that are as in the version before are not brought again. Several may do so at
 * the same time.
 * @param options how many versions stay here, and the time
 */
export async function bringVersion(
  store: Pick<Storage, "uri" | "list" | "read">,
  directory: string,
  options: { keep: number; now: Date },
): Promise<void> {
  const exported = await newestExport(store)
  if (exported === undefined) return
  const before = await currentVersion(directory)
  if (before?.version === exported.version) return
  await mkdir(directory, { recursive: true })
  await removeKilled(directory, options.now)
  if (!(await isThere(join(directory, exported.version)))) {
    const building = await mkdtemp(join(directory, BUILDING))
    try {
      await fill(building, { store, exported, directory, before })
      await rename(building, join(directory, exported.version)).catch(unlessThere)
    } finally {
      await rm(building, { recursive: true, force: true })
    }
  }
  await pointTo(directory, exported.version).catch(async (error: unknown) => {
    if ((await pointedVersion(directory)) !== exported.version) throw error
  })
  await removeOld(directory, exported.version, options.keep)
}

interface Bringing {
  store: Pick<Storage, "list" | "read">
  exported: ExportedVersion
  directory: string
  before: PublishedVersion | undefined
}

async function fill(building: string, { store, exported, directory, before }: Bringing): Promise<void> {
  const { version, createdAt, runId } = exported
  const warehouse = await openDuckDb({ path: ":memory:", memoryLimit: MEMORY })
  const tables: Record<string, PublishedTable> = {}
  try {
    const session = await warehouse.session()
    for (const [name, { schema, clone }] of Object.entries(exported.tables)) {
      const same = before?.tables[name]
      if (before !== undefined && same?.partitions[""]?.signature === clone) {
        for (const { path } of same.partitions[""].files)
          await linkOrCopy(join(directory, before.version, path), join(building, path))
        tables[name] = same
        continue
      }
      const brought = await bringTable(session, store, `${version}/${name}/`, { building, name })
      if (brought === undefined) continue
      const { columns, rows, files } = brought
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
      const partitions = { "": { rows, signature: clone, files, writtenBy: version } }
      tables[name] = { schema, rows, bytes, columns, partitions }
    }
  } finally {
    await warehouse.close()
  }
  const description: PublishedVersion = {
    format: 1,
    version,
    sequence: sequenceOf(version),
    createdAt,
    runId,
    engine: "bigquery",
    tables,
  }
  await writeDurably(join(building, DESCRIPTION), `${JSON.stringify(description, null, 2)}\n`)
}

/** A table's files as one, with times as DuckDB has them: UTC without saying so. Undefined where there is no file of it. */
async function bringTable(
  session: Session,
  store: Bringing["store"],
  prefix: string,
  { building, name }: { building: string; name: string },
): Promise<
  { columns: PublishedTable["columns"]; rows: number; files: { path: string; bytes: number }[] } | undefined
> {
  const parts = await mkdtemp(join(building, "parts-"))
  try {
    let n = 0
    for await (const { key } of store.list(prefix))
      await copyTo(join(parts, `${n++}.parquet`), store.read(key))
    if (n === 0) return undefined
    const from = `read_parquet(${quoteLiteral(join(parts, "*.parquet"))})`
    const found = await session.result(`select * from ${from} limit 0`)
    const columns = found.columns.map((column) => quoteIdentifier(column))
    const select = columns.map((column, i) =>
      found.types[i] === "TIMESTAMP WITH TIME ZONE"
        ? `make_timestamp(epoch_us(${column})) as ${column}`
        : column,
    )
    await mkdir(join(building, name))
    const target = quoteLiteral(join(building, name, "data.parquet"))
    await session.run(
      `copy (select ${select.join(", ")} from ${from}) to ${target} (format parquet, compression zstd)`,
    )
    const { types } = await session.result(`select * from ${target} limit 0`)
    const [counted] = await session.rows<{ n: bigint }>(`select count(*) as n from ${target}`)
    return {
      columns: found.columns.map((column, i) => ({ name: column, type: types[i] ?? "" })),
      rows: Number(counted?.n),
      files: await syncedFiles(building, name),
    }
  } finally {
    await rm(parts, { recursive: true, force: true })
  }
}

const A_DAY_MS = 86_400_000

/** Removes what a process that was killed left, which nobody can be writing any more. */
async function removeKilled(directory: string, now: Date): Promise<void> {
  for (const entry of await readdir(directory)) {
    if (!entry.startsWith(BUILDING)) continue
    const path = join(directory, entry)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }))
    if (mtimeMs < now.getTime() - A_DAY_MS) await rm(path, { recursive: true, force: true })
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false
      throw error
    },
  )
}

/** Somebody else brought it meanwhile. */
function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error
}
