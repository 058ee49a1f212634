import { readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import type { DbtOutcome } from "../../../src/transform/dbt.ts"
import type { Session } from "../../../src/warehouse/warehouse.ts"
import { ANALYTICS, query, type RunOptions, ShopWarehouse, writeProject } from "./bench.ts"
import { type Contents, contentsOf, unequal, unequalErrors } from "./compare.ts"
import { brokenRules } from "./integrity.ts"
import { landAll, type LandedDelivery } from "./landings.ts"
import { expectedStar, type Expectation, queryOf } from "./model/star.ts"
import { areModelled, varsOf } from "./rules.ts"
import { type Conditions, stepsOf } from "./script.ts"
import { relationsIn, rowDifferences } from "./tables.ts"
import type { World } from "./world.ts"

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

/** What a run of a tiny shop states, in dbt's words. */
export function runOptions({ how, rules }: Conditions, models: readonly string[]): RunOptions {
  const vars = varsOf(rules)
  if (how.kind === "whole") return { vars }
  const names = how.models.map(({ pick, and }) => {
    const name = models[pick % models.length] as string
    return and === "alone" ? name : and === "descendants" ? `${name}+` : `+${name}`
  })
  return how.kind === "only" ? { select: names, vars } : { exclude: names, vars }
}

/**
 * What is looked at, in this order, and the invariants of the design (§10) that it shows:
 * - as delivered: the star is what the deliveries say (2, 3), rows are accounted for (5, flow.ts), versions and facts meet
 *   (6, integrity.ts), and no landing that is known is loaded again (1)
 * - twice: another run changes nothing (1)
 * - full refresh: what many runs built, some of a few models or by other rules, is what one builds (3)
 * - arrival: gold and open errors are those of landings that arrive in the order of extraction (2)
 */
export type Phase = "as delivered" | "twice" | "full refresh" | "arrival"

/**
 * The phases that a shop is put through: a second run in every third shop, for it seldom finds what others do not; a full
 * refresh of what more than one run built.
 */
export function phasesOf({ salt, runs }: World): Phase[] {
  const twice: Phase[] = salt % 3 === 0 ? ["twice"] : []
  const refresh: Phase[] = runs.length > 0 || twice.length > 0 ? ["full refresh"] : []
  return ["as delivered", ...twice, ...refresh, "arrival"]
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
  const project = writeProject(folder, world, tested.folder)
  const { lake, landed } = await landAll(world, join(folder, "lake"))
  const shop = new ShopWarehouse({ folder, name: "shop", project, lake })
  const played = await playSteps(world, shop, landed, tested)
  const path = shop.keep("once")
  let contents: Promise<Contents> | undefined
  const once = () => (contents ??= contentsOf(path))
  const vars = varsOf(world.rules)
  const looks: Record<Phase, () => Promise<string[]>> = {
    "as delivered": async () => [
      ...played,
      ...unaccounted(shop, landed),
      ...(await loadedAgain(shop, landed)),
      ...(await query(path, async (session) => [
        ...(await brokenRules(session, await relationsIn(session))),
        ...(areModelled(world.rules)
          ? await unlikeModel(session, expectedStar(landed, tested.hasHistory, world.rules))
          : []),
      ])),
    ],
    twice: async () => [
      ...failures("the run again", await shop.run({ vars })),
      ...(await unequal("a second run changed something", "everything", {
        once: await once(),
        twice: await contentsOf(shop.path),
      })),
    ],
    "full refresh": async () => [
      ...failures("the full refresh", await shop.run({ vars, fullRefresh: true })),
      ...(await unequal("incremental is not a full refresh", "everything", {
        incremental: await once(),
        "full refresh": await contentsOf(shop.path),
      })),
    ],
    arrival: async () => {
      const other = new ShopWarehouse({ folder, name: "in_order", project, lake })
      await other.load(landed)
      const failed = failures("the run over landings in order", await other.run({ vars }))
      const sides = { "as arrived": await once(), "in order": await contentsOf(other.path) }
      return [
        ...failed,
        ...(await unequal("gold depends on the order of arrival", "gold", sides)),
        ...unequalErrors("open errors depend on the order of arrival", sides),
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
      const outcome = await shop.run(runOptions(step, models))
      if (step.how.kind === "whole") complaints.push(...failures("a whole run", outcome))
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
async function unlikeModel(session: Session, expectations: readonly Expectation[]): Promise<string[]> {
  const complaints: string[] = []
  for (const expectation of expectations) {
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
  return complaints
}

function failures(what: string, outcome: DbtOutcome): string[] {
  return outcome.results
    .filter(({ status }) => status === "error" || status === "fail")
    .map(({ name, message }) => `${what} failed at ${name}: ${message}`)
}
