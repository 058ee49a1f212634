import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { quoteIdentifier, quoteLiteral } from "../../../src/warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../../../src/warehouse/warehouse.ts"

/**
 * The change log of one whole file, as the first landing of a data set leaves it: every column text, every record once.
 * It is read by the engine alone, so that the models are tested apart from the loader.
 * @param folder where to unpack
 * @param encoding of a CSV that is not UTF-8
 */
export async function bronzeFromFile(
  session: Session,
  table: string,
  file: string,
  folder: string,
  encoding: BufferEncoding = "utf8",
): Promise<void> {
  let records = `read_parquet(${quoteLiteral(file)})`
  if (!file.endsWith(".parquet")) {
    const unpacked = join(folder, `${table}.csv`)
    writeFileSync(unpacked, gunzipSync(readFileSync(file)).toString(encoding))
    records = `read_csv(${quoteLiteral(unpacked)}, all_varchar = true, header = true, quote = '"', escape = '"', delim = ',')`
  }
  await createLog(session, table, `select columns(*)::varchar from ${records}`)
}

/** A record of a hand-made landing; `_op` is I where it is left out, a column that is left out is NULL. */
export type HandMadeRecord = Record<string, string | null>

interface HandMadeLanding {
  id: string
  /** UTC, `2026-11-21 06:00:00`. */
  at: string
  records: readonly HandMadeRecord[]
}

/** A change log written by hand: what is special about a landing is said record by record. */
export async function bronzeFromRecords(
  session: Session,
  table: string,
  columns: readonly string[],
  landings: readonly HandMadeLanding[],
): Promise<void> {
  const names = columns.map(quoteIdentifier)
  await createLog(
    session,
    table,
    `select ${names.map((name) => `null::varchar as ${name}`).join(", ")} where false`,
  )
  const before = await seqBefore(session)
  let seq = 0
  for (const { id, at, records } of landings) {
    const landing = quoteLiteral(`${table} ${id}`)
    await recordLanding(session, table, `${table} ${id}`, `timestamp '${at}'`, records.length)
    for (const [i, record] of records.entries()) {
      const values = columns.map((column) => {
        const value = record[column]
        return value === undefined || value === null ? "null" : quoteLiteral(value)
      })
      seq += 1
      const op = record["_op"] ?? "I"
      await session.run(`insert into bronze.${quoteIdentifier(table)}
        select *, ${landing}, ${op === "D" ? 0 : i + 1}, (hash(record) >> 1)::bigint, ${quoteLiteral(op)}, ${before} + ${seq},
          timestamp '${at}', timestamp '${at}', timestamp '${at}'
        from (select ${values.map((value, n) => `${value}::varchar as ${names[n]}`).join(", ")}) as record`)
    }
  }
}

/** As the loader does, numbers the rows over the whole warehouse: every table has a million millions of its own. */
async function seqBefore(session: Session): Promise<string> {
  const tables = await session.rows(
    "select count(*)::int as n from duckdb_tables() where schema_name = 'bronze' and contains(table_name, '__') and database_name = current_database()",
  )
  return `${Number(tables[0]?.["n"])} * 1000000000000`
}

async function createLog(session: Session, table: string, records: string): Promise<void> {
  await session.run("create schema if not exists bronze")
  const before = await seqBefore(session)
  const at = "timestamp '2026-11-21 06:00:00'"
  await session.run(`create table bronze.${quoteIdentifier(table)} as
    select *, ${quoteLiteral(`${table}-1`)} as _landing_id, row_number() over () as _row_number, (hash(record) >> 1)::bigint as _row_hash,
      'I' as _op, ${before} + row_number() over () as _seq, ${at} as _extracted_at, ${at} as _as_of, ${at} as _loaded_at
    from (${records}) as record`)
  await session.run(`create table if not exists bronze.landings (landing_id varchar, source varchar, dataset varchar, kind varchar,
    as_of timestamp, extracted_at timestamp, files varchar, rows_read bigint, rows_rejected bigint, loaded_at timestamp)`)
  await session.run(`create table if not exists bronze.rejected_lines (landing_id varchar, source varchar, dataset varchar,
    file varchar, line bigint, row_number bigint, raw_text varchar, reason varchar)`)
  const [count] = await session.rows(`select count(*)::int as n from bronze.${quoteIdentifier(table)}`)
  if (Number(count?.["n"]) > 0) await recordLanding(session, table, `${table}-1`, at, Number(count?.["n"]))
}

/** A line of the loader's ledger. */
async function recordLanding(
  session: Session,
  table: string,
  id: string,
  at: string,
  rows: number,
): Promise<void> {
  const [source, dataset] = table.split("__").map(quoteLiteral)
  const files = quoteLiteral(JSON.stringify([{ name: `${table}.csv` }]))
  await session.run(
    `insert into bronze.landings values (${quoteLiteral(id)}, ${source}, ${dataset}, 'full', ${at}, ${at}, ${files}, ${rows}, 0, ${at})`,
  )
}
