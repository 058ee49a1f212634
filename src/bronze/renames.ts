import { CartwrightError } from "../core/errors.ts"
import type { Landing } from "../lake/lake.ts"
import { quoteIdentifier } from "../warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../warehouse/warehouse.ts"
import type { ColumnFacts } from "./columns.ts"
import { FOR_COMPARISON, stageContent } from "./content.ts"
import type { LoadContext } from "./load-context.ts"
import type { LandedSchema } from "./schema-changes.ts"

/** A landing that is staged, with its columns. */
export interface ColumnsOfContent extends LandedSchema {
  landing: Landing
  /** SQL name of the staged table. */
  table: string
}

/** Columns that one landing has and the next one in time has not, and the other way round. */
interface Exchange {
  before: Landing
  after: Landing
  dropped: readonly ColumnFacts[]
  added: readonly ColumnFacts[]
}

/** The part of the values that must be equal. */
const MOST = 0.9

/**
 * Finds columns that were probably renamed: dropped and added at once, with the same values. Values are compared record by
 * record where the landings have keys in common, else by how often each occurs. The other landing is read again from the
 * lake, which costs as much as loading it: this happens only where columns were both dropped and added.
 * @returns new names by old names
 */
export async function probableRenames(
  context: LoadContext,
  content: ColumnsOfContent,
  exchange: Exchange,
): Promise<Map<string, string>> {
  const { session } = context.reader
  const other = exchange.before === content.landing ? exchange.after : exchange.before
  // Reading the other one must not take the place of this one's rejected records.
  await session.run("create or replace temp table _rejected_kept as from _rejected")
  try {
    const { table } = await stageContent(context, other, "_staged_other", FOR_COMPARISON)
    const [before, after] = other === exchange.before ? [table, content.table] : [content.table, table]
    return assign(await likeness(session, context.rules.key, before, after, exchange))
  } catch (error) {
    // A hint is not worth a failure: the other landing was loaded once, and may be gone from the lake since.
    if (!(error instanceof CartwrightError) || (error.code !== "load" && error.code !== "lake")) throw error
    return new Map()
  } finally {
    await session.run("drop table if exists _staged_other")
    await session.run("create or replace temp table _rejected as from _rejected_kept")
    await session.run("drop table _rejected_kept")
  }
}

interface Candidate {
  from: string
  to: string
  /** The part of the values that are equal, 0 to 1. */
  share: number
}

async function likeness(
  session: Session,
  key: readonly string[],
  before: string,
  after: string,
  { dropped, added }: Exchange,
): Promise<Candidate[]> {
  const pairs = dropped.flatMap(({ name: from }) => added.map(({ name: to }) => ({ from, to })))
  const byKey = key.length === 0 ? undefined : await likenessByKey(session, key, before, after, pairs)
  if (byKey !== undefined) return byKey
  const found: Candidate[] = []
  for (const { from, to } of pairs) {
    const [row] = await session.rows<{ same: bigint; old: bigint; fresh: bigint; kinds: bigint }>(
      `with old as (select ${quoteIdentifier(from)} as v, count(*) as n from ${before} where v is not null group by v),
         fresh as (select ${quoteIdentifier(to)} as v, count(*) as n from ${after} where v is not null group by v)
       select coalesce(sum(least(old.n, fresh.n)) filter (old.n + fresh.n is not null), 0)::bigint as same, coalesce(sum(old.n), 0)::bigint as old,
         coalesce(sum(fresh.n), 0)::bigint as fresh, count(old.v) as kinds
       from old full join fresh using (v)`,
    )
    if (row === undefined || row.kinds < 2n) continue
    const fewer = row.old < row.fresh ? row.old : row.fresh
    found.push({ from, to, share: fewer === 0n ? 0 : Number(row.same) / Number(fewer) })
  }
  return found
}

/** @returns undefined where the landings have no key in common */
async function likenessByKey(
  session: Session,
  key: readonly string[],
  before: string,
  after: string,
  pairs: readonly { from: string; to: string }[],
): Promise<Candidate[] | undefined> {
  const keys = key.map(quoteIdentifier)
  const once = (table: string, names: readonly string[], prefix: string) => {
    const values = [...new Set(names)].map(
      (name) => `any_value(${quoteIdentifier(name)}) as ${quoteIdentifier(prefix + name)}`,
    )
    return `select ${[...keys, ...values].join(", ")} from ${table} group by ${keys.join(", ")} having count(*) = 1`
  }
  const measures = pairs.flatMap(({ from, to }, i) => {
    const [old, fresh] = [quoteIdentifier(`old ${from}`), quoteIdentifier(`fresh ${to}`)]
    return [
      `count(*) filter (${old} = ${fresh}) as same_${i}`,
      `count(coalesce(${old}, ${fresh})) as all_${i}`,
      `(min(${old}) <> max(${old}))::integer as varied_${i}`,
    ]
  })
  const old = pairs.map(({ from }) => from)
  const fresh = pairs.map(({ to }) => to)
  const [row] = await session.rows<Record<string, bigint | number | null>>(
    `with old as (${once(before, old, "old ")}), fresh as (${once(after, fresh, "fresh ")})
     select count(*) as common, ${measures.join(", ")} from old join fresh using (${keys.join(", ")})`,
  )
  if (row === undefined || row["common"] === 0n) return undefined
  return pairs.flatMap(({ from, to }, i) => {
    const count = (what: string) => Number(row[`${what}_${i}`])
    const share = count("all") === 0 ? 0 : count("same") / count("all")
    return count("varied") === 0 ? [] : [{ from, to, share }]
  })
}

/** Each column once, the most alike first. Two that are equally like a third tell nothing. */
function assign(candidates: readonly Candidate[]): Map<string, string> {
  const enough = candidates.filter(({ share }) => share >= MOST).sort((a, b) => b.share - a.share)
  const renames = new Map<string, string>()
  const used = new Set<string>()
  for (const { from, to, share } of enough) {
    if (renames.has(from) || used.has(to)) continue
    const rivals = enough.filter((each) => each.share === share && (each.from === from) !== (each.to === to))
    if (rivals.some((each) => !renames.has(each.from) && !used.has(each.to))) continue
    renames.set(from, to)
    used.add(to)
  }
  return renames
}
