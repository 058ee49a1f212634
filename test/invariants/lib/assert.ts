import * as fc from "fast-check"
import { ANALYTICS, removeFolder, scratchFolder } from "./bench.ts"
import {
  checkWorld,
  type Finding,
  type Package,
  phasesOf,
  type Phase,
  readPackage,
  runOptions,
} from "./check.ts"
import { minimise } from "./minimise.ts"
import { scriptOf } from "./script.ts"
import { type World, world } from "./world.ts"

/** So long a failing shop may be made smaller before it is told as it is. */
const MINIMISING_MS = 240_000

/** So many shops are played at a time, on two cores: while one waits for its warehouse, another renders its models. */
const LANES = 3

interface Options {
  /** How to run the calling test alone. */
  command: string
  /** @defaultValue the package of this repository, or INVARIANTS_ANALYTICS */
  tested?: Package
  /** Looks at these alone. @defaultValue those of the shop */
  phases?: readonly Phase[]
  /** @defaultValue 4 minutes */
  minimisingMs?: number
}

/**
 * Plays random tiny shops and fails with one that breaks an invariant, made as small as it can be: its script, what is
 * wrong, and the command that plays it again. INVARIANTS_SHOP plays one shop only, and keeps its warehouses.
 */
export async function assertInvariants(numRuns: number, options: Options): Promise<void> {
  const { tested = readPackage(), minimisingMs = MINIMISING_MS } = options
  const stated = process.env["INVARIANTS_SHOP"]
  if (stated !== undefined) {
    await replay(JSON.parse(stated) as World, tested)
    return
  }
  let failed: { shop: World; finding: Finding; seed: number } | undefined
  let played = 0
  const lane = async (shops: number, seed: number | undefined): Promise<void> => {
    let own: Omit<NonNullable<typeof failed>, "seed"> | undefined
    const property = fc.asyncProperty(world, async (shop) => {
      if (failed !== undefined) return
      const finding = await play(shop, tested, options.phases ?? phasesOf(shop))
      played++
      if (finding === undefined) return
      own = { shop, finding }
      throw new Error(finding.phase)
    })
    const parameters = { numRuns: shops, endOnFailure: true, ...(seed === undefined ? {} : { seed }) }
    const outcome = await fc.check(property, parameters)
    if (own !== undefined) failed ??= { ...own, seed: outcome.seed }
  }
  const { seed } = fc.readConfigureGlobal()
  const lanes = Array.from({ length: LANES }, (_, i) =>
    lane(Math.floor((numRuns + i) / LANES), seed === undefined ? undefined : seed + i),
  )
  await Promise.all(lanes)
  if (failed !== undefined) throw new Error(await smallest(failed, { ...options, tested, minimisingMs }))
  if (played !== numRuns) throw new Error(`${played} of ${numRuns} shops were played`)
}

/** The report on a shop that fails, made smaller for as long as allowed. */
async function smallest(
  { shop, finding, seed }: { shop: World; finding: Finding; seed: number },
  { minimisingMs, ...options }: Omit<Required<Options>, "phases">,
): Promise<string> {
  const until = performance.now() + minimisingMs
  let last = finding
  const small = await minimise(shop, async (smaller) => {
    if (performance.now() > until) return false
    const found = await play(smaller, options.tested, [finding.phase])
    if (found === undefined || kindOf(found) !== kindOf(finding)) return false
    last = found
    return true
  })
  return report(small, last, options, seed)
}

/** What a finding is about: its first complaint's first words, without the figures. */
function kindOf({ complaints }: Finding): string {
  return (complaints[0] ?? "").split(/[:\n]/, 1)[0] as string
}

/** Plays one shop and forgets it. */
async function play(shop: World, tested: Package, phases: readonly Phase[]): Promise<Finding | undefined> {
  const folder = scratchFolder()
  try {
    return await checkWorld(shop, folder, tested, phases)
  } catch (error) {
    return { phase: phases[0] as Phase, complaints: [textOf(error)] }
  } finally {
    removeFolder(folder)
  }
}

async function replay(shop: World, tested: Package): Promise<void> {
  const folder = scratchFolder()
  const finding = await checkWorld(shop, folder, tested)
  if (finding === undefined) {
    removeFolder(folder)
    return
  }
  const kept = `Left for a look: ${folder}/once/shop.duckdb (after the last run), shop.duckdb, in_order.duckdb`
  throw new Error([scriptIn(shop, tested), ...finding.complaints, kept].join("\n\n"))
}

function report(
  shop: World,
  { complaints }: Finding,
  { tested, command }: Omit<Required<Options>, "minimisingMs" | "phases">,
  seed: number,
): string {
  const other = tested.folder === ANALYTICS ? "" : `INVARIANTS_ANALYTICS=${tested.folder} `
  return [
    `a tiny shop breaks an invariant (found by PROPERTY_SEED=${seed}, then made smaller)`,
    scriptIn(shop, tested),
    ...complaints,
    `Play it again and keep its warehouses:\n  ${other}INVARIANTS_SHOP='${JSON.stringify(shop)}' ${command}`,
  ].join("\n\n")
}

function scriptIn(shop: World, { models }: Package): string {
  return scriptOf(shop, (conditions) => {
    const { select, exclude, vars = {} } = runOptions(conditions, models)
    const parts = [
      ...(select === undefined ? [] : [`--select ${select.join(" ")}`]),
      ...(exclude === undefined ? [] : [`--exclude ${exclude.join(" ")}`]),
      ...(Object.keys(vars).length === 0 ? [] : [`--vars '${JSON.stringify(vars)}'`]),
    ]
    return parts.join(" ")
  })
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
