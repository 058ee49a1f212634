import { readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import type { DbtOutcome } from "../../../src/transform/dbt.ts"
import { ANALYTICS, query, type RunOptions, ShopWarehouse, writeProject } from "./bench.ts"
import { brokenRules } from "./integrity.ts"
import { landAll, type LandedDelivery } from "./landings.ts"
import { expectedStar, queryOf } from "./model/star.ts"
import { stepsOf } from "./script.ts"
import {
  ALL_BUT_STAMPS,
  differing,
  NOT_OPERATIONAL,
  type Prints,
  printsOf,
  rowDifferences,
  rowsOf,
  type Scope,
} from "./tables.ts"
import type { Partial, World } from "./world.ts"

/** The dbt package under test, and what it promises. */
export interface Package {
  folder: string
  models: string[]
  /** Whether customers and products have versions. */
  hasHistory: boolean
}

export function readPackage(folder = process.env["INVARIANTS_ANALYTICS"] ?? ANALYTICS): Package {
  const files = readdirSync(join(folder, "models"), { recursive: true, encoding: "utf8" })
  const models = files.filter((file) => file.endsWith(".sql")).map((file) => basename(file, ".sql"))
  const customers = readFileSync(join(folder, "models/gold/star/dim_customers.sql"), "utf8")
  return { folder, models: models.sort(), hasHistory: customers.includes("incremental") }
}

const BUILT = ["silver", "quality", "star", "marts"]
/** After the same landings, however many runs it took to take them in. */
export const EVERYTHING: Scope = { schemas: BUILT, column: ALL_BUT_STAMPS }
/** Whatever the order in which the landings arrived. */
const GOLD: Scope = { schemas: ["star", "marts"], column: NOT_OPERATIONAL }

/**
 * What is wrong now; what was wrong once is history. Which of several equal lines without a key is the one that is still
 * there is open, so for those the line's place does not count.
 */
const OPEN_ERRORS = `select source_name, data_set, screen_name, column_name, record_key, offending_value, is_rejected,
  case when record_key is not null then concat_ws(' ', landing_id, row_number, first_seen_at) end as place
  from quality.error_event_details where is_open`

/** What a run of a tiny shop states, in dbt's words. */
export function runOptions(how: Partial, models: readonly string[]): RunOptions {
  if (how.kind === "whole") return {}
  if (how.kind === "rules") return { vars: how.vars }
  const names = how.models.map(({ pick, and }) => {
    const name = models[pick % models.length] as string
    return and === "alone" ? name : and === "descendants" ? `${name}+` : `+${name}`
  })
  return how.kind === "only" ? { select: names } : { exclude: names }
}

/** What is looked at, in this order. */
export type Phase = "as delivered" | "twice" | "full refresh" | "arrival"

/** The phases that a shop is put through: a second run in every third shop, for it seldom finds what others do not. */
export function phasesOf({ salt }: World): Phase[] {
  return ["as delivered", ...(salt % 3 === 0 ? ["twice" as const] : []), "full refresh", "arrival"]
}

/** The phase in which a tiny shop was found to be wrong, and what is wrong. */
export interface Finding {
  phase: Phase
  complaints: string[]
}

/**
 * Plays a tiny shop and stops at the first phase in which something is not as it should be.
 * @param folder where it may write; what it leaves there helps to find out why
 * @returns undefined where all invariants hold
 */
export async function checkWorld(
  world: World,
  folder: string,
  tested: Package,
  phases: readonly Phase[] = phasesOf(world),
): Promise<Finding | undefined> {
  const project = writeProject(folder, tested.folder)
  const { lake, landed } = await landAll(world, join(folder, "lake"))
  const shop = new ShopWarehouse({ folder, name: "shop", project, lake })
  const played = await playSteps(world, shop, landed, tested)
  const once = shop.keep("once")
  const looks: Record<Phase, () => Promise<string[]>> = {
    "as delivered": async () => [
      ...played,
      ...unaccounted(shop, landed),
      ...(await query(once, brokenRules)),
      ...(await unlikeModel(once, landed, tested)),
    ],
    twice: async () => [
      ...(await loadedAgain(shop, landed)),
      ...failures("the run again", await shop.run()),
      ...(await unequal("a second run changed something", EVERYTHING, { once, twice: shop.path })),
    ],
    "full refresh": async () => {
      const failed = failures("the full refresh", await shop.run({ fullRefresh: true }))
      const sides = { incremental: once, "full refresh": shop.path }
      return [...failed, ...(await unequal("incremental is not a full refresh", EVERYTHING, sides))]
    },
    arrival: async () => {
      const other = new ShopWarehouse({ folder, name: "in_order", project, lake })
      await other.load(landed)
      const failed = failures("the run over landings in order", await other.run())
      const sides = { "as arrived": once, "in order": other.path }
      return [
        ...failed,
        ...(await unequal("gold depends on the order of arrival", GOLD, sides)),
        ...(await unequalRows("open errors depend on the order of arrival", OPEN_ERRORS, sides)),
      ]
    },
  }
  for (const phase of phases) {
    const complaints = await looks[phase]()
    if (complaints.length > 0) return { phase, complaints }
  }
  return undefined
}

/** Loads and runs as the world says; partial runs may fail, whole ones may not. */
export async function playSteps(
  world: World,
  shop: ShopWarehouse,
  landed: readonly LandedDelivery[],
  { models }: Package,
): Promise<string[]> {
  const complaints: string[] = []
  for (const step of stepsOf(world)) {
    if (step.kind === "load") {
      const arrived = step.landings.flatMap((index) => landed.find((each) => each.index === index) ?? [])
      await shop.load(arrived)
    } else if (Object.keys(shop.sources()).length > 0) {
      const outcome = await shop.run(runOptions(step.how, models))
      if (step.how.kind === "whole" || step.how.kind === "rules")
        complaints.push(...failures("a whole run", outcome))
    }
  }
  return complaints
}

/** Everything that was delivered and loaded is no news. */
async function loadedAgain(shop: ShopWarehouse, landed: readonly LandedDelivery[]): Promise<string[]> {
  const news = await shop.loadAgain()
  return news.length === 0 ? [] : [`loading again loaded ${news.length} of ${landed.length} landings again`]
}

/** Invariant 5, in bronze: every record that a delivery holds is loaded, unchanged or rejected. */
function unaccounted(shop: ShopWarehouse, landed: readonly LandedDelivery[]): string[] {
  return landed.flatMap(({ landing, records }) => {
    const loads = shop.loads.filter((load) => load.landingId === landing.landingId)
    const [load] = loads
    const told = load === undefined ? 0 : load.rowsLoaded + load.rowsUnchanged + load.rowsRejected
    if (loads.length === 1 && load?.status === "loaded" && told === records.length) return []
    return [
      `${landing.dataset} of ${landing.extractedAt}: ${records.length} records, ${JSON.stringify(loads, withoutBigInts)}`,
    ]
  })
}

const withoutBigInts = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value)

/** What the star holds that the deliveries do not account for, and the other way round. */
async function unlikeModel(
  path: string,
  landed: readonly LandedDelivery[],
  { hasHistory }: Package,
): Promise<string[]> {
  const complaints: string[] = []
  await query(path, async (session) => {
    for (const expectation of expectedStar(landed, hasHistory)) {
      const found = await session.rows<Record<string, string | null>>(queryOf(expectation))
      const columns = Object.keys(expectation.rows[0] ?? {})
      const asText = (row: Record<string, string | null>) =>
        columns.map((column) => `${column}=${row[column] ?? "∅"}`).join(" ")
      const differences = rowDifferences(expectation.rows.map(asText), found.map(asText), [
        "the deliveries",
        "the star",
      ])
      if (differences.length > 0)
        complaints.push(`${expectation.name} are not what the deliveries say\n${differences.join("\n")}`)
    }
  })
  return complaints
}

function failures(what: string, outcome: DbtOutcome): string[] {
  return outcome.results
    .filter(({ status }) => status === "error" || status === "fail")
    .map(({ name, message }) => `${what} failed at ${name}: ${message}`)
}

/** In which rows of a query two warehouses differ. */
async function unequalRows(what: string, sql: string, sides: Record<string, string>): Promise<string[]> {
  const [labels, paths] = [Object.keys(sides), Object.values(sides)] as [[string, string], [string, string]]
  const ask = (path: string) =>
    query(path, (s) =>
      s.rows<{ row: string }>(`select to_json(found)::varchar as row from (${sql}) as found`),
    )
  const [left, right] = [await ask(paths[0]), await ask(paths[1])]
  const differences = rowDifferences(
    left.map(({ row }) => row),
    right.map(({ row }) => row),
    labels,
  )
  return differences.length === 0 ? [] : [[what, ...differences].join("\n")]
}

/** In what two warehouses differ: the tables, those nearest to bronze first, and some rows of the first of them. */
export async function unequal(what: string, scope: Scope, sides: Record<string, string>): Promise<string[]> {
  const [labels, paths] = [Object.keys(sides), Object.values(sides)] as [[string, string], [string, string]]
  const prints = [
    await query(paths[0], (s) => printsOf(s, scope)),
    await query(paths[1], (s) => printsOf(s, scope)),
  ]
  const names = differing(prints[0] as Prints, prints[1] as Prints)
  if (names.length === 0) return []
  const shown: string[] = []
  for (const name of names.slice(0, 3)) {
    const left = await query(paths[0], (s) => rowsOf(s, name, scope.column))
    const right = await query(paths[1], (s) => rowsOf(s, name, scope.column))
    shown.push(`${name}:`, ...rowDifferences(left, right, labels))
  }
  return [`${what}: ${names.join(", ")}\n${shown.join("\n")}`]
}
