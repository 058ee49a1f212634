import type { Session, Warehouse } from "../warehouse/warehouse.ts"
import { KEY_DIALECTS } from "./dialect.ts"

/** Two states of a data set to compare: the log up to a time, and a staged landing. */
export interface Comparison {
  /** SQL name of the log. */
  log: string
  /** SQL name of the staged landing. */
  staged: string
  key: readonly string[]
  /** SQL of the time up to which, inclusive, the log tells the state. */
  until: string
  /** SQL of a query with one column `text`: the texts of the landing's rejected records. Undefined where it has none. */
  rejectedTexts: string | undefined
  /** The landing is partial: what it does not hold stays. */
  partial: boolean
}

/** What a comparison found; the rows themselves are in `_appear` and `_vanish`. */
export interface Difference {
  /** Rows of the landing that are to be appended. */
  appearing: number
  /** Records of the state that the landing does not hold. */
  missing: number
  /** Records of the state. */
  of: number
}

/** Where a comparison is made. */
interface Engine {
  session: Session
  warehouse: Warehouse
}

/**
 * Finds what a full landing changes, and leaves it in two temporary tables: `_appear (number, op)`, rows of the staged
 * table to append, and `_vanish (seq, op)`, rows of the log whose record the landing does not hold (`D`).
 */
export async function compare({ session, warehouse }: Engine, comparison: Comparison): Promise<Difference> {
  const keyed = comparison.key.length > 0
  await session.run(
    (keyed ? keyedComparison(warehouse, comparison) : comparisonOfMultisets(comparison)).join(";\n"),
  )
  const total = keyed ? "count(*)" : "cast(coalesce(sum(n), 0) as bigint)"
  return found(session, `(select ${total} from _state)`)
}

/** Leaves all rows of an incremental landing in `_appear`, as updates where the state has their key. */
export async function takeAll({ session, warehouse }: Engine, comparison: Comparison): Promise<Difference> {
  const { log, staged, key, until } = comparison
  await session.run("create or replace temp table _vanish (seq bigint, op string)")
  if (key.length === 0) {
    await session.run(
      `create or replace temp table _appear as select _row_number as number, 'I' as op from ${staged}`,
    )
    return found(session, "0")
  }
  const { hash, same } = KEY_DIALECTS[warehouse.dialect]
  const quoted = key.map((column) => warehouse.quote(column))
  const of = (table: string) => quoted.map((column) => `${table}.${column}`).join(", ")
  const [row] = await session.rows<{ incomplete: bigint }>(
    `select count(*) as incomplete from ${staged} where ${quoted.map((column) => `${column} is null`).join(" or ")}`,
  )
  const complete = row?.incomplete === 0n
  // Plain equality lets the engine skip the parts of the log that hold none of the keys.
  const sought = complete
    ? `(${of("l")}) in (select ${key.length > 1 ? `(${of("s")})` : of("s")} from ${staged} s)`
    : `${hash(key, "l")} in (select ${hash(key, "s")} from ${staged} s)`
  const alike = complete
    ? quoted.map((column) => `s.${column} = k.${column}`).join(" and ")
    : same(key, "s", "k")
  await session.run(`create or replace temp table _appear as
    with known as (
      select ${of("l")}, 'U' as op from ${log} l where _extracted_at <= ${until} and ${sought} group by ${of("l")}
      having max(case when _op <> 'D' then _extracted_at end) = max(_extracted_at))
    select s._row_number as number, coalesce(k.op, 'I') as op from ${staged} s left join known k on ${alike}`)
  return found(session, "0")
}

async function found(session: Session, total: string): Promise<Difference> {
  const [row] = await session.rows<{ appearing: bigint; missing: bigint; total: bigint | number }>(
    `select (select count(*) from _appear) as appearing, (select count(*) from _vanish) as missing, ${total} as total`,
  )
  return {
    appearing: Number(row?.appearing),
    missing: Number(row?.missing),
    of: Number(row?.total),
  }
}

/** Releases what a comparison left. */
export async function forgetDifference(session: Session): Promise<void> {
  const tables = ["_appear", "_vanish", "_state", "_candidates", "_fresh", "_changed"]
  await session.run(tables.map((table) => `drop table if exists ${table}`).join(";\n"))
}

/**
 * The state of a key is all rows of the last landing that has any for it (several, where a landing held several
 * versions), or nothing where that is a delete. Keys whose rows differ, in content or order, appear anew with all rows.
 */
function keyedComparison(
  warehouse: Warehouse,
  { log, staged, key, until, rejectedTexts, partial }: Comparison,
): string[] {
  const { hash, same } = KEY_DIALECTS[warehouse.dialect]
  const quoted = key.map((column) => warehouse.quote(column))
  const of = (table: string) => quoted.map((column) => `${table}.${column}`).join(", ")
  const keys = quoted.join(", ")
  const hashes = (side: number) =>
    `string_agg(case when side = ${side} then cast(_row_hash as string) end, ',' order by _row_number)`
  return [
    // Only keys with rows of a later landing than the first need a look at which landing is their last.
    `create or replace temp table _state as
    with later as (
      select ${keys}, max(_extracted_at) as last from ${log}
      where _extracted_at <= ${until} and _extracted_at > (select min(_extracted_at) from ${log})
      group by ${keys})
    select u._seq, ${hash(key, "u")} as key_hash, u._row_hash, u._row_number
    from ${log} u left join later on ${same(key, "u", "later")}
    where u._extracted_at <= ${until} and (later.last is null or u._extracted_at = later.last) and u._op <> 'D'`,
    // A key with exactly one row on either side, alike, is no candidate; neither side needs a look beyond its hashes.
    `create or replace temp table _candidates as
    select key_hash from (
      select key_hash, _row_hash, 0 as side from _state
      union all select ${hash(key, "s")}, _row_hash, 1 from ${staged} s) as both_sides
    group by key_hash having not (count(*) = 2 and sum(side) = 1 and bit_xor(_row_hash) = 0)`,
    `create or replace temp table _fresh as
    select ${of("s")}, ${hash(key, "s")} as key_hash, s._row_hash, s._row_number from ${staged} s
    where ${hash(key, "s")} in (select key_hash from _candidates)`,
    `create or replace temp table _changed as
    select ${keys}, key_hash, max(_seq) as seq,
      case when max(side) = 0 then 'D' when min(side) = 1 then 'I' else 'U' end as op
    from (
      select ${of("l")}, s.key_hash, 0 as side, s._row_hash, s._row_number, s._seq
      from _state s join ${log} l on l._seq = s._seq where s.key_hash in (select key_hash from _candidates)
      union all select ${keys}, key_hash, 1, _row_hash, _row_number, null from _fresh) as both_sides
    group by ${keys}, key_hash
    having ${hashes(0)} is distinct from ${hashes(1)}`,
    `create or replace temp table _appear as
    select f._row_number as number, c.op from _fresh f join _changed c on f.key_hash = c.key_hash and ${same(key, "f", "c")}
    where c.op <> 'D'`,
    `create or replace temp table _vanish as
    select seq, op from _changed where op = 'D' and ${partial ? "false" : unmentioned(quoted, rejectedTexts)}`,
  ]
}

/** A key that stands in the text of a rejected record is unreadable, not gone. */
function unmentioned(key: readonly string[], rejectedTexts: string | undefined): string {
  if (rejectedTexts === undefined) return "true"
  const mentioned = key.map((column) => `strpos(r.text, coalesce(c.${column}, '')) > 0`).join(" and ")
  return `seq not in (
      select c.seq from _changed c cross join (${rejectedTexts}) r where c.op = 'D' and ${mentioned})`
}

/**
 * A row exists as often as the log's inserts exceed its deletes. What the landing has more of appears, less of vanishes.
 * A partial landing has what was there before it, or what it holds, whichever is more. Where a late arrival took away what
 * a later landing had taken away too, the log owes an insert of a row that the later landing does not hold: such rows are
 * in `_vanish` with `I`. Of equal rows the last of the file appear, those first that the log has not from this landing already.
 */
function comparisonOfMultisets({ log, staged, until, partial }: Comparison): string[] {
  const excess = (when: string) =>
    `select _row_hash, cast(sum(case _op when 'D' then -1 else 1 end) as bigint) as n from ${log}
      where _extracted_at ${when} ${until} group by _row_hash`
  const held = `select _row_hash, count(*) as n from ${staged} group by _row_hash`
  const wanted = partial
    ? `select _row_hash, max(n) as n from (${held} union all ${excess("<")}) as both_sides group by _row_hash`
    : held
  return [
    `create or replace temp table _state as ${excess("<=")}`,
    `create or replace temp table _changed as
    select _row_hash, cast(sum(more) as bigint) as n
    from (select _row_hash, -n as more from _state union all ${wanted}) as both_sides
    group by _row_hash having sum(more) <> 0`,
    `create or replace temp table _appear as
    select number, 'I' as op from (
      select s._row_number as number, s._row_hash,
        row_number() over (partition by s._row_hash order by said._row_number is not null, s._row_number desc) as k
      from ${staged} s left join (
        select distinct _row_hash, _row_number from ${log} where _extracted_at = ${until} and _op = 'I'
      ) said on said._row_hash = s._row_hash and said._row_number = s._row_number
      where s._row_hash in (select _row_hash from _changed where n > 0)) as ranked
    join _changed c on c._row_hash = ranked._row_hash where k <= c.n`,
    `create or replace temp table _vanish as
    with owed as (
      select _row_hash, -n as n, 'D' as op from _changed where n < 0
      union all
      select c._row_hash, c.n - coalesce(h.n, 0), 'I' from _changed c left join (${held}) h on h._row_hash = c._row_hash
      where c.n > coalesce(h.n, 0))
    select ranked._seq as seq, owed.op from (
      select _seq, _row_hash, row_number() over (partition by _row_hash order by _op = 'D', _seq desc) as k
      from ${log} where _extracted_at <= ${until} and _row_hash in (select _row_hash from owed)) as ranked
    join owed on owed._row_hash = ranked._row_hash where k <= owed.n`,
  ]
}
