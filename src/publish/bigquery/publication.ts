import { sequenceOf, versionName } from "../version.ts"

/** A table or view in a working dataset, as BigQuery describes it. */
export interface WorkingTable {
  dataset: string
  name: string
  isView: boolean
  /** When its rows were written last, in milliseconds; of a view, when it was made. */
  modified: string
  rows: number
  bytes: number
  /** The columns that stay in the warehouse: those whose names begin with `_`. */
  hidden: readonly string[]
}

/** One publication, as `meta.published` has it. */
export interface Publication {
  version: string
  tables: Readonly<Record<string, PublishedClone>>
}

export interface PublishedClone {
  /** The clone's name in the published dataset. */
  clone: string
  /** Where it came from, and how that was: equal where nothing was written since. */
  dataset: string
  modified: string
}

/** What a publication does, in this order. */
export interface PublicationPlan {
  version: string
  clones: { table: WorkingTable; clone: string }[]
  /** All views, also of tables that did not change: somebody may have removed one. */
  views: { name: string; clone: string; hidden: readonly string[] }[]
  /** Views of tables that are no longer published. */
  goneViews: string[]
  /** Clones that no version needs which stays: old ones, and what a killed publication left. */
  goneClones: string[]
  tables: Record<string, PublishedClone>
}

export interface PublicationState {
  tables: readonly WorkingTable[]
  /** Newest first. */
  publications: readonly Publication[]
  /** The names of all tables in the published dataset, and of all views. */
  clones: readonly string[]
  views: readonly string[]
}

/**
 * The next publication; undefined where nothing differs from the last, and nobody removed what it made.
 * @param builtAt when the tables were built. The version is named by it, so that an attempt which is made again makes the same clones
 *   and views: what a killed one still runs on the service then does no harm.
 * @param keep how many versions stay
 */
export function planPublication(
  { tables, publications, clones, views }: PublicationState,
  builtAt: Date,
  keep: number,
): PublicationPlan | undefined {
  const [last] = publications
  const sequence = 1 + sequenceOf(last?.version ?? "")
  const version = versionName(sequence, builtAt)
  // A view has no time at which its rows changed: it is as old as what it reads.
  const isChanged = ({ name, dataset, modified }: WorkingTable): boolean => {
    const before = last?.tables[name]
    return before?.dataset !== dataset || before.modified !== modified || !clones.includes(before.clone)
  }
  const somethingChanged = tables.some((table) => !table.isView && isChanged(table))
  const changed = tables.filter((table) => isChanged(table) || (table.isView && somethingChanged))
  const published: Record<string, PublishedClone> = {}
  for (const table of tables) {
    const before = last?.tables[table.name]
    const { dataset, modified } = table
    published[table.name] =
      changed.includes(table) || before === undefined
        ? { clone: cloneName(table.name, version), dataset, modified }
        : before
  }
  const goneViews = Object.keys(last?.tables ?? {}).filter((name) => published[name] === undefined)
  const isWhole = tables.every(({ name }) => views.includes(name))
  if (changed.length === 0 && goneViews.length === 0 && isWhole) return undefined
  const staying = [{ tables: published }, ...publications.slice(0, Math.max(keep, 1) - 1)]
  const needed = new Set(staying.flatMap((each) => Object.values(each.tables).map(({ clone }) => clone)))
  return {
    version,
    clones: changed.map((table) => ({ table, clone: cloneName(table.name, version) })),
    views: tables.map(({ name, hidden }) => ({
      name,
      clone: (published[name] as PublishedClone).clone,
      hidden,
    })),
    goneViews,
    goneClones: clones.filter((name) => CLONE_NAME.test(name) && !needed.has(name)),
    tables: published,
  }
}

/** `fact_orders` of version 0007-20261121T081500Z → `fact_orders__0007_20261121T081500Z`. */
function cloneName(table: string, version: string): string {
  return `${table}__${version.replace("-", "_")}`
}

const CLONE_NAME = /__\d{4,}_\d{8}T\d{6}Z$/
