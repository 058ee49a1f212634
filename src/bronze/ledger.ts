import type { LandingKind, SchemaPolicy } from "../core/file-format.ts"
import type { Manifest } from "../lake/manifest.ts"
import type { Session, Warehouse } from "../warehouse/warehouse.ts"
import { timestamp } from "./append.ts"
import { readingSignature, type ReadingRules } from "./reading.ts"
import { rowHash } from "./row-hash.ts"
import { type BronzeNames, logColumns, logTable } from "./schema.ts"

/** What the ledger keeps of a loaded landing. */
export interface LandingRecord {
  kind: LandingKind
  rowsRead: number
  rowsLoaded: number
  rowsUnchanged: number
  rowsRejected: number
  firstSeq: bigint
  lastSeq: bigint
  loadedAt: string
}

/** Writes a landing into the ledger, with its rejected records. */
export async function recordLanding(
  session: Session,
  names: BronzeNames,
  landing: Manifest,
  of: LandingRecord,
): Promise<void> {
  const files = landing.files.map(({ key, name, size, sha256 }) => ({ key, name, size, sha256 }))
  await session.run(
    `insert into ${names.landings} values (?, ?, ?, ?, ${timestamp(landing.asOf)}, ${timestamp(landing.extractedAt)}, ?,
      ${of.rowsRead}, ${of.rowsLoaded}, ${of.rowsUnchanged}, ${of.rowsRejected}, ${of.firstSeq}, ${of.lastSeq},
      ${timestamp(of.loadedAt)})`,
    [landing.landingId, landing.source, landing.dataset, of.kind, JSON.stringify(files)],
  )
  await session.run(
    `insert into ${names.rejectedLines}
      select ?, ?, ?, file, line, row_number, raw_text, reason, ${of.firstSeq - 1n} + row_number, ${timestamp(of.loadedAt)}
      from _rejected order by row_number`,
    [landing.landingId, landing.source, landing.dataset],
  )
}

/** Which landings of a data set are in bronze, and what kind they were taken as. */
export async function loadedLandings(
  session: Session,
  names: BronzeNames,
  source: string,
  dataset: string,
): Promise<Map<string, LandingKind>> {
  const rows = await session.rows<{ landing_id: string; kind: LandingKind }>(
    `select landing_id, kind from ${names.landings} where source = ? and dataset = ?`,
    [source, dataset],
  )
  return new Map(rows.map((row) => [row.landing_id, row.kind]))
}

/** The highest sequence number that was ever given out. */
export async function lastSequence(session: Session, names: BronzeNames): Promise<bigint> {
  const [row] = await session.rows(
    `select greatest(coalesce((select max(last_seq) from ${names.landings}), 0),
      coalesce((select max(seq_floor) from ${names.datasets}), 0))::varchar as seq`,
  )
  return BigInt(row?.["seq"] as string)
}

/**
 * Makes a data set's log fit to be continued. Where another key or another way of reading is declared, or its schema is
 * frozen no more, the log is dropped, to be built again from the lake; where the engine's hash may be another, the hashes
 * are renewed.
 * @returns what was done, in a sentence
 */
export async function prepareDataset(
  session: Session,
  warehouse: Warehouse,
  names: BronzeNames,
  source: string,
  dataset: string,
  rules: ReadingRules,
  schema: SchemaPolicy,
): Promise<string | undefined> {
  const [version] = await session.rows("select library_version as engine from pragma_version()")
  const engine = version?.["engine"] as string
  const reading = readingSignature(rules)
  const which = "source = ? and dataset = ?"
  const [known] = await session.rows(`select reading, engine from ${names.datasets} where ${which}`, [
    source,
    dataset,
  ])
  const thawed = schema !== "freeze" && (await leavesOutColumns(session, names, source, dataset))
  if (known?.["reading"] === reading && known["engine"] === engine && !thawed) return undefined
  const log = names.log(source, dataset)
  const columns = await logColumns(session, warehouse, names.schema, logTable(source, dataset))
  const reread = known !== undefined && known["reading"] !== reading
  const rebuilt = (reread || thawed) && columns !== undefined
  const floor = await lastSequence(session, names)
  await session.transaction(async () => {
    if (rebuilt) {
      await session.run(`drop table ${log}`)
      for (const table of [names.landings, names.rejectedLines, names.landingColumns, names.schemaChanges])
        await session.run(`delete from ${table} where ${which}`, [source, dataset])
    } else if (known !== undefined && columns !== undefined) {
      await session.run(`update ${log} set _row_hash = ${rowHash(columns)}`)
    }
    await session.run(`delete from ${names.datasets} where ${which}`, [source, dataset])
    await session.run(`insert into ${names.datasets} values (?, ?, ?, ?, ${floor})`, [
      source,
      dataset,
      reading,
      engine,
    ])
  })
  if (!rebuilt) return undefined
  const why = reread ? "its key or the way to read it has changed" : "its schema is frozen no more"
  return `${why}: its log is built again from the lake`
}

/** Whether the log was built without columns that landings brought, because the schema was frozen. */
async function leavesOutColumns(
  session: Session,
  names: BronzeNames,
  source: string,
  dataset: string,
): Promise<boolean> {
  const [row] = await session.rows<{ any: boolean }>(
    `select exists (from ${names.landingColumns} c where source = ? and dataset = ? and not is_taken
       and landing_id in (select landing_id from ${names.landings})) as any`,
    [source, dataset],
  )
  return row?.any === true
}

/** Sequence numbers up to this one count as given out. */
export async function raiseSequence(
  session: Session,
  names: BronzeNames,
  source: string,
  dataset: string,
  to: bigint,
): Promise<void> {
  await session.run(
    `update ${names.datasets} set seq_floor = greatest(seq_floor, ${to}) where source = ? and dataset = ?`,
    [source, dataset],
  )
}
