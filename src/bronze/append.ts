import type { Manifest } from "../lake/manifest.ts"
import type { LoadContext } from "./load-context.ts"

type Engine = Pick<LoadContext, "session" | "warehouse">

/** Reserved columns that are the same in all rows of a landing, as SQL. */
export function landingConstants(
  { warehouse }: Pick<Engine, "warehouse">,
  landing: Manifest,
  loadedAt: string,
) {
  return {
    _landing_id: warehouse.literal(landing.landingId),
    _extracted_at: timestamp(landing.extractedAt),
    _as_of: timestamp(landing.asOf),
    _loaded_at: timestamp(loadedAt),
  }
}

/** An ISO time in UTC as a literal without a zone. */
export function timestamp(iso: string): string {
  return `timestamp '${iso.replace("T", " ").replace("Z", "")}'`
}

export interface Appending {
  log: string
  landing: Manifest
  loadedAt: string
  /** `_seq` of the rows begins after this. */
  seqBase: bigint
}

/** Appends the rows of `_appear`. @returns how many */
export async function appendRows(
  engine: Engine,
  { log, landing, loadedAt, seqBase }: Appending,
  staged: string,
  columns: readonly string[],
): Promise<number> {
  const { session, warehouse } = engine
  const delivered = columns.map((column) => warehouse.quote(column))
  const fixed = landingConstants(engine, landing, loadedAt)
  return session.run(`insert into ${log} (${delivered.join(", ")}, ${RESERVED})
    select ${delivered.map((column) => `s.${column}`).join(", ")}, ${fixed._landing_id}, s._row_number,
      s._row_hash, a.op, ${seqBase} + s._row_number, ${fixed._extracted_at}, ${fixed._as_of}, ${fixed._loaded_at}
    from ${staged} s join _appear a on s._row_number = a.number order by s._row_number`)
}

/** Appends, for each row of `_vanish`, its `op` with the row's attributes: a delete, mostly. @returns how many */
export async function appendFromLog(
  engine: Engine,
  { log, landing, loadedAt, seqBase }: Appending,
  columns: readonly string[],
): Promise<number> {
  const { session, warehouse } = engine
  const delivered = columns.map((column) => warehouse.quote(column))
  const fixed = landingConstants(engine, landing, loadedAt)
  return session.run(`insert into ${log} (${delivered.join(", ")}, ${RESERVED})
    select ${delivered.map((column) => `l.${column}`).join(", ")}, ${fixed._landing_id}, 0, l._row_hash, v.op,
      ${seqBase} + row_number() over (order by l._seq), ${fixed._extracted_at}, ${fixed._as_of}, ${fixed._loaded_at}
    from ${log} l join _vanish v on l._seq = v.seq order by l._seq`)
}

const RESERVED = "_landing_id, _row_number, _row_hash, _op, _seq, _extracted_at, _as_of, _loaded_at"
