import { RESERVED_COLUMNS } from "../core/csv.ts"
import type { LandingKind } from "../core/file-format.ts"
import type { Manifest } from "../lake/manifest.ts"
import type { Session } from "../warehouse/warehouse.ts"
import { timestamp } from "./append.ts"
import type { LoadContext } from "./load-context.ts"
import { readingSignature } from "./reading.ts"
import { rowHash } from "./row-hash.ts"
import { type BronzeNames, deliveredColumns, logTable } from "./schema.ts"

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

/**
 * Writes a landing into the ledger, with its rejected records.
 * @param rejected SQL name of the table that has these; undefined where there are none
 */
export async function recordLanding(
  { session, warehouse, names }: LoadContext,
  landing: Manifest,
  of: LandingRecord,
  rejected: string | undefined,
): Promise<void> {
  const files = landing.files.map(({ key, name, size, sha256 }) => ({ key, name, size, sha256 }))
  await session.run(
    `insert into ${names.landings} values (?, ?, ?, ?, ${timestamp(landing.asOf)}, ${timestamp(landing.extractedAt)}, ?,
      ${of.rowsRead}, ${of.rowsLoaded}, ${of.rowsUnchanged}, ${of.rowsRejected}, ${of.firstSeq}, ${of.lastSeq},
      ${timestamp(of.loadedAt)})`,
    [landing.landingId, landing.source, landing.dataset, of.kind, JSON.stringify(files)],
  )
  if (rejected === undefined) return
  const which = [landing.landingId, landing.source, landing.dataset]
  await session.run(
    `insert into ${names.rejectedLines}
      select ${which.map((text) => warehouse.literal(text)).join(", ")}, file, line, row_number, raw_text, reason,
        ${of.firstSeq - 1n} + row_number, ${timestamp(of.loadedAt)}
      from ${rejected} order by row_number`,
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
      coalesce((select max(seq_floor) from ${names.datasets}), 0)) as seq`,
  )
  return row?.["seq"] as bigint
}

/**
 * Makes a data set's log fit to be continued. Where another key or another way of reading is declared, its schema is frozen no
 * more, or somebody dropped or altered it, the log is dropped, to be built again from the lake; where the hash may be another,
 * the hashes are renewed, or where only the reader has it, the log is built again too.
 * @returns what was done, in a sentence
 */
export async function prepareDataset(
  context: LoadContext,
  source: string,
  dataset: string,
): Promise<string | undefined> {
  const { session, reader, warehouse, names, rules, schema } = context
  const [version] = await reader.session.rows("select library_version as engine from pragma_version()")
  const engine = version?.["engine"] as string
  const reading = readingSignature(rules)
  const log = names.log(source, dataset)
  const which = "source = ? and dataset = ?"
  const [known] = await session.rows(`select reading, engine from ${names.datasets} where ${which}`, [
    source,
    dataset,
  ])
  const stored = await session.columns(names.schema, logTable(source, dataset))
  const why =
    known === undefined
      ? undefined
      : known["reading"] !== reading
        ? "its key or the way to read it has changed"
        : schema !== "freeze" && (await leavesOutColumns(session, names, source, dataset))
          ? "its schema is frozen no more"
          : await damage(context, source, dataset, stored)
  const rehashed = known !== undefined && known["engine"] !== engine && stored !== undefined
  if (known !== undefined && why === undefined && known["engine"] === engine) return undefined
  const again = why ?? (rehashed && !reader.inWarehouse ? "rows are compared in another way" : undefined)
  const rebuilt = again !== undefined
  const floor = await lastSequence(session, names)
  // Where that cannot be in the transaction, it goes before it: a log that is gone is built again.
  if (rebuilt && !warehouse.transactionalDdl) await session.run(`drop table if exists ${log}`)
  await session.transaction(async () => {
    if (rebuilt) {
      if (warehouse.transactionalDdl) await session.run(`drop table if exists ${log}`)
      for (const table of [names.landings, names.rejectedLines, names.landingColumns, names.schemaChanges])
        await session.run(`delete from ${table} where ${which}`, [source, dataset])
    } else if (rehashed) {
      await session.run(`update ${log} set _row_hash = ${rowHash(deliveredColumns(stored))}`)
    }
    await session.run(`delete from ${names.datasets} where ${which}`, [source, dataset])
    await session.run(`insert into ${names.datasets} values (?, ?, ?, ?, ${floor})`, [
      source,
      dataset,
      reading,
      engine,
    ])
  })
  const had = stored !== undefined || why === GONE
  return rebuilt && had ? `${again}: its log is built again from the lake` : undefined
}

const GONE = "its log is gone from the warehouse"

/** What somebody did to a log by hand, or a step that was broken off; undefined where it is as it was left. */
async function damage(
  { session, names }: LoadContext,
  source: string,
  dataset: string,
  stored: readonly string[] | undefined,
): Promise<string | undefined> {
  if (stored === undefined) {
    const loaded = await loadedLandings(session, names, source, dataset)
    return loaded.size > 0 ? GONE : undefined
  }
  const missing = RESERVED_COLUMNS.filter((name) => !stored.includes(name))
  return missing.length > 0 ? `its log has no column ${missing.join(", ")} any more` : undefined
}

/** Whether the log was built without columns that landings brought, because the schema was frozen. */
async function leavesOutColumns(
  session: Session,
  names: BronzeNames,
  source: string,
  dataset: string,
): Promise<boolean> {
  const [row] = await session.rows<{ n: bigint }>(
    `select count(*) as n from ${names.landingColumns} where source = ? and dataset = ? and not is_taken
       and landing_id in (select landing_id from ${names.landings})`,
    [source, dataset],
  )
  return row !== undefined && row.n > 0n
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
