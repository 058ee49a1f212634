import { quoteIdentifier } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../warehouse/warehouse.ts"
import { keyHash } from "./row-hash.ts"

/** Two states of a data set to compare: the log up to a time, and a staged landing. */
export interface Comparison {
  /** SQL name of the log. */
  log: string
  /** SQL name of the staged landing. */
  staged: string
  key: readonly string[]
  /** SQL of the time up to which, inclusive, the log tells the state. */
  until: string
  /** SQL of a query with one column `text`: the texts of the landing's rejected records. */
  rejectedTexts: string
  /** The landing is partial: what it does not hold stays. */
  partial: boolean
}

/** What a comparison found; the rows themselves are in `_appear` and `_vanish`. */
export interface Difference {
  /** Records of the state that the landing does not hold. */
  missing: number
  /** Records of the state. */
  of: number
}

/**
 * Finds what a full landing changes, and leaves it in two temporary tables: `_appear (row_id, op)`, rows of the staged
 * table to append, and `_vanish (row_id, op)`, rows of the log whose record the landing does not hold (`D`).
 */
export async function compare(session: Session, comparison: Comparison): Promise<Difference> {
  await forgetDifference(session)
  const total =
    comparison.key.length > 0
      ? await compareKeyed(session, comparison)
      : await compareMultisets(session, comparison)
  const [row] = await session.rows(
    `select (select count(*) from _vanish) as missing, coalesce((select ${total} from _state), 0)::bigint as total`,
  )
  return { missing: Number(row?.["missing"]), of: Number(row?.["total"]) }
}

/** Leaves all rows of an incremental landing in `_appear`, as updates where the state has their key. */
export async function takeAll(
  session: Session,
  { log, staged, key, until }: Comparison,
): Promise<Difference> {
  await forgetDifference(session)
  await session.run("create temp table _vanish (row_id bigint, op varchar)")
  if (key.length === 0) {
    await session.run(`create temp table _appear as select rowid as row_id, 'I' as op from ${staged}`)
    return { missing: 0, of: 0 }
  }
  const keys = key.map(quoteIdentifier).join(", ")
  const without = key.map((k) => `${quoteIdentifier(k)} is null`).join(" or ")
  const [{ incomplete } = { incomplete: true }] = await session.rows<{ incomplete: boolean }>(
    `select exists (select 1 from ${staged} where ${without}) as incomplete`,
  )
  // Plain equality lets the engine skip the parts of the log that hold none of the keys.
  const sought = incomplete
    ? `exists (select 1 from ${staged} s where ${sameKey(key, "s", "l")})`
    : `(${keys}) in (select ${key.length > 1 ? `(${keys})` : keys} from ${staged})`
  await session.run(`create temp table _appear as
    with known as (
      select ${keys}, arg_max(_op, _extracted_at) as op from ${log} l
      where _extracted_at <= ${until} and ${sought}
      group by all)
    select s.rowid as row_id, case when k.op <> 'D' then 'U' else 'I' end as op
    from ${staged} s left join known k on ${sameKey(key, "s", "k")}`)
  return { missing: 0, of: 0 }
}

/** Releases what a comparison left. */
export async function forgetDifference(session: Session): Promise<void> {
  for (const table of ["_appear", "_vanish", "_state", "_candidates", "_changed"]) {
    await session.run(`drop table if exists ${table}`)
  }
}

/**
 * The state of a key is all rows of the last landing that has any for it (several, where a landing held several
 * versions), or nothing where that is a delete. Keys whose rows differ, in content or order, appear anew with all rows.
 */
async function compareKeyed(
  session: Session,
  { log, staged, key, until, rejectedTexts, partial }: Comparison,
): Promise<string> {
  const keys = key.map(quoteIdentifier).join(", ")
  // Only keys with rows of a later landing than the first need a look at which landing is their last.
  await session.run(`create temp table _state as
    with until as (select rowid as row_id, * from ${log} where _extracted_at <= ${until}),
    later as (
      select ${keys}, max(_extracted_at) as last from until
      where _extracted_at > (select min(_extracted_at) from until) group by all)
    select u.row_id, ${keyHash(key, "u")} as key_hash, u._row_hash, u._row_number
    from until u left join later on ${sameKey(key, "u", "later")}
    where (later.last is null or u._extracted_at = later.last) and u._op <> 'D'`)
  // A key with exactly one row on either side, alike, is no candidate; neither side needs a look beyond its hashes.
  await session.run(`create temp table _candidates as
    select key_hash from (
      select key_hash, _row_hash, 0 as side from _state
      union all select _key_hash, _row_hash, 1 from ${staged})
    group by key_hash having not (count(*) = 2 and sum(side) = 1 and bit_xor(_row_hash) = 0)`)
  await session.run(`create temp table _changed as
    with before as (
      select ${keys}, list(s._row_hash order by s._row_number) as hashes,
        arg_max(s.row_id, s._row_number) as row_id
      from _state s join ${log} l on l.rowid = s.row_id
      where s.key_hash in (select key_hash from _candidates) group by all),
    after as (
      select ${keys}, list(_row_hash order by _row_number) as hashes, list(rowid) as row_ids
      from ${staged} where _key_hash in (select key_hash from _candidates) group by all)
    select after.row_ids, before.row_id,
      case when before.hashes is null then 'I' when after.hashes is null then 'D' else 'U' end as op
    from before full join after on ${sameKey(key, "before", "after")}
    where before.hashes is distinct from after.hashes`)
  await session.run(
    "create temp table _appear as select unnest(row_ids) as row_id, op from _changed where op <> 'D'",
  )
  // A key that stands in the text of a rejected record is unreadable, not gone.
  const mentioned = key.map((k) => `contains(r.text, coalesce(l.${quoteIdentifier(k)}, ''))`).join(" and ")
  await session.run(`create temp table _vanish as
    select row_id, op from _changed c where op = 'D' and not ${partial} and not exists (
      select 1 from ${log} l, (${rejectedTexts}) r where l.rowid = c.row_id and ${mentioned})`)
  return "count(*)"
}

/**
 * A row exists as often as the log's inserts exceed its deletes. What the landing has more of appears, less of vanishes.
 * A partial landing has what was there before it, or what it holds, whichever is more. Where a late arrival took away what
 * a later landing had taken away too, the log owes an insert of a row that the later landing does not hold: such rows are
 * in `_vanish` with `I`. Of equal rows the last of the file appear, those first that the log has not from this landing already.
 */
async function compareMultisets(
  session: Session,
  { log, staged, until, partial }: Comparison,
): Promise<string> {
  const excess = (when: string) =>
    `select _row_hash, sum(case _op when 'D' then -1 else 1 end)::bigint as n from ${log}
      where _extracted_at ${when} ${until} group by all`
  await session.run(`create temp table _state as ${excess("<=")}`)
  const held = `select _row_hash, count(*) as n from ${staged} group by all`
  const wanted = partial
    ? `select _row_hash, max(n) as n from (${held} union all ${excess("<")}) group by all`
    : held
  await session.run(`create temp table _changed as
    select _row_hash, sum(n)::bigint as n from (select _row_hash, -n as n from _state union all ${wanted})
    group by all having sum(n) <> 0`)
  await session.run(`create temp table _appear as
    select row_id, 'I' as op from (
      select s.rowid as row_id, s._row_hash,
        row_number() over (partition by s._row_hash order by said._row_number is not null, s._row_number desc) as k
      from ${staged} s left join (
        select distinct _row_hash, _row_number from ${log} where _extracted_at = ${until} and _op = 'I'
      ) said on said._row_hash = s._row_hash and said._row_number = s._row_number
      where s._row_hash in (select _row_hash from _changed where n > 0))
    join _changed using (_row_hash) where k <= n`)
  await session.run(`create temp table _vanish as
    with owed as (
      select _row_hash, -n as n, 'D' as op from _changed where n < 0
      union all
      select _row_hash, c.n - coalesce(h.n, 0), 'I' from _changed c left join (${held}) h using (_row_hash)
      where c.n > coalesce(h.n, 0))
    select row_id, owed.op from (
      select rowid as row_id, _row_hash, row_number() over (partition by _row_hash order by _op = 'D', _seq desc) as k
      from ${log} where _extracted_at <= ${until} and _row_hash in (select _row_hash from owed))
    join owed using (_row_hash) where k <= owed.n`)
  return "sum(n)"
}

function sameKey(key: readonly string[], a: string, b: string): string {
  return key
    .map((k) => `${a}.${quoteIdentifier(k)} is not distinct from ${b}.${quoteIdentifier(k)}`)
    .join(" and ")
}
