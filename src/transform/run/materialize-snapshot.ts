import type { TableColumn } from "../adapter/column.ts"
import { Relation } from "../adapter/relation.ts"
import { hashArguments } from "../builtin/statements.ts"
import { projectError } from "../errors.ts"
import { betweenHooks } from "./hooks.ts"
import { execute, type NodeAnswer, type NodeRun } from "./node-run.ts"
import { snapshotConfig, type SnapshotConfig } from "./snapshot-config.ts"

const NOW = "now()::timestamp"
const KEY = "cartwright_key_"
const CHANGE = "cartwright_change"

/** Makes the table of versions on the first run; later ends versions that have changed or gone, and adds new ones. */
export async function materializeSnapshot(run: NodeRun): Promise<NodeAnswer> {
  const config = snapshotConfig(run.node)
  const { session, database, target } = run
  await database.createSchema(session, target.schema ?? "")
  await betweenHooks(run, async () => {
    const old = await database.existing(session, target)
    if (old === undefined) {
      await execute(run, `create table ${target.render()} as (\n${firstVersions(run, config)}\n);`)
      database.noteCreated(target, "table")
      return
    }
    if (old.type !== "table") {
      throw projectError(`${target.render()} is a ${String(old.type)}, and a snapshot needs a table`, {
        place: run.node.original_file_path,
        next: "Drop it, or rename the snapshot.",
      })
    }
    await applyChanges(run, config)
  })
  return { message: "OK" }
}

/** The columns that the snapshot adds to a version that is current. */
function versionColumns(config: SnapshotConfig): string {
  const { names, updatedAt } = config
  const columns = [
    `${config.scdId} as ${names.scdId}`,
    `${updatedAt} as ${names.updatedAt}`,
    `${updatedAt} as ${names.validFrom}`,
    // Null of the type of the watched column.
    `coalesce(nullif(${updatedAt}, ${updatedAt}), ${config.currentMarker ?? "null"}) as ${names.validTo}`,
  ]
  if (config.hardDeletes === "new_record") columns.push(`'False' as ${names.isDeleted}`)
  return columns.join(",\n  ")
}

function firstVersions(run: NodeRun, config: SnapshotConfig): string {
  return `select *,\n  ${versionColumns(config)}\nfrom (\n${run.sql}\n) sbq`
}

async function applyChanges(run: NodeRun, config: SnapshotConfig): Promise<void> {
  const { session, database, target } = run
  const { names } = config
  const existing = await database.columns(session, target)
  checkTarget(run, config, existing)
  const described = await session.result(`select * from (\n${run.sql}\n) as q limit 0`)
  const staged = new Relation({
    database: null,
    schema: null,
    identifier: `${target.identifier ?? ""}__dbt_tmp_snapshot`,
  })
  await execute(
    run,
    `create temporary table ${staged.render()} as (\n${changes(run, config, described.columns, existing)}\n);`,
  )
  try {
    const columns = (await database.columns(session, staged)).filter(
      ({ column }) => column !== CHANGE && !column.startsWith(KEY),
    )
    for (const column of columns) {
      if (!existing.some((known) => known.column.toLowerCase() === column.column.toLowerCase())) {
        await execute(run, `alter table ${target.render()} add column ${column.quoted} ${column.dataType}`)
      }
    }
    await execute(
      run,
      `update ${target.render()} as target set ${names.validTo} = source.${names.validTo}
from ${staged.render()} as source
where source.${names.scdId} = target.${names.scdId} and source.${CHANGE} in ('update', 'delete') and ${isCurrent("target.", config)}`,
    )
    const list = columns.map((column) => column.quoted).join(", ")
    await execute(
      run,
      `insert into ${target.render()} (${list}) select ${list} from ${staged.render()} where ${CHANGE} = 'insert'`,
    )
  } finally {
    await session.run(`drop table if exists ${staged.render()}`).catch(() => undefined)
  }
}

function checkTarget(run: NodeRun, config: SnapshotConfig, existing: readonly TableColumn[]): void {
  const needed = [config.names.scdId, config.names.validFrom, config.names.validTo]
  if (config.hardDeletes === "new_record") needed.push(config.names.isDeleted)
  const missing = needed.filter(
    (name) => !existing.some((column) => column.column.toLowerCase() === name.toLowerCase()),
  )
  if (missing.length === 0) return
  throw projectError(`the snapshot's table ${run.target.render()} is missing ${missing.join(", ")}`, {
    place: run.node.original_file_path,
    next: "Restore the config that the table was made with, or drop the table.",
  })
}

function isCurrent(prefix: string, config: SnapshotConfig): string {
  const column = `${prefix}${config.names.validTo}`
  return config.currentMarker === undefined
    ? `${column} is null`
    : `(${column} = ${config.currentMarker} or ${column} is null)`
}

/** One row per version to add (`insert`) and per current version to end (`update`, `delete`). */
function changes(
  run: NodeRun,
  config: SnapshotConfig,
  columns: readonly string[],
  existing: readonly TableColumn[],
): string {
  const { names, keys } = config
  const quoted = columns.map((column) => `"${column}"`)
  const keyColumns = keys.map((key, i) => `${key} as ${KEY}${i}`).join(", ")
  const sameKey = keys.map((_, i) => `current.${KEY}${i} = source.${KEY}${i}`).join(" and ")
  const newRecord = config.hardDeletes === "new_record"
  const revived = newRecord ? ` or current.${names.isDeleted} = 'True'` : ""
  const changed = `(${rowChanged(config, columns, existing)}${revived})`
  const list = (prefix: string): string => quoted.map((column) => `${prefix}.${column}`).join(", ")
  const seen = new Set(existing.map((column) => column.column.toLowerCase()))
  const last = columns
    .map((column) => (seen.has(column.toLowerCase()) ? `current."${column}"` : "null"))
    .join(", ")
  const own = [
    names.scdId,
    names.updatedAt,
    names.validFrom,
    names.validTo,
    ...(newRecord ? [names.isDeleted] : []),
  ]
  const ended = (change: string, end: string): string =>
    `select '${change}' as ${CHANGE}, ${list("source")}, current.${names.scdId}, ${end} as ${names.updatedAt}, ${end} as ${names.validFrom}, ${end} as ${names.validTo}${newRecord ? `, current.${names.isDeleted}` : ""}`
  const parts = [
    `select 'insert' as ${CHANGE}, ${list("source")}, ${own.map((name) => `source.${name}`).join(", ")}
from source left join current on ${sameKey}
where current.${KEY}0 is null or ${changed}`,
    `${ended("update", `source.${names.updatedAt}`)}
from source join current on ${sameKey}
where ${changed}`,
  ]
  if (config.hardDeletes !== "ignore") {
    const known = newRecord
      ? ` and not (current.${names.isDeleted} = 'True' and ${isCurrent("current.", config)})`
      : ""
    const gone = `from current left join source on ${sameKey}\nwhere source.${KEY}0 is null${known}`
    parts.push(`${ended("delete", NOW)}\n${gone}`)
    if (newRecord) {
      parts.push(
        `select 'insert' as ${CHANGE}, ${last}, ${hashArguments([`current.${names.scdId}`, NOW])} as ${names.scdId}, ${NOW} as ${names.updatedAt}, ${NOW} as ${names.validFrom}, current.${names.validTo}, 'True' as ${names.isDeleted}\n${gone}`,
      )
    }
  }
  return `with source as (
  select *, ${keyColumns},\n  ${versionColumns(config)}\n  from (\n${run.sql}\n) as snapshot_query
),
current as (
  select *, ${keyColumns} from ${run.target.render()} where ${isCurrent("", config)}
)
${parts.join("\nunion all\n")}`
}

function rowChanged(
  config: SnapshotConfig,
  columns: readonly string[],
  existing: readonly TableColumn[],
): string {
  if (config.strategy === "timestamp") return `current.${config.names.validFrom} < source.${config.updatedAt}`
  const known = new Set(existing.map((column) => column.column.toLowerCase()))
  const checked = config.checkColumns === "all" ? [...columns] : config.checkColumns
  // A column that the snapshot has not seen yet makes every row a new version.
  if (checked.some((column) => !known.has(column.toLowerCase()))) return "true"
  return checked.map((column) => `current."${column}" is distinct from source."${column}"`).join(" or ")
}
