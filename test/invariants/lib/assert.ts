import * as fc from "fast-check"
import { ANALYTICS, removeFolder, scratchFolder } from "./bench.ts"
import {
  checkWorld,
  type Finding,
  type Package,
  PHASES,
  type Phase,
  readPackage,
  runOptions,
} from "./check.ts"
import { minimise } from "./minimise.ts"
import { scriptOf } from "./script.ts"
import { type World, world } from "./world.ts"

/** So long a failing shop may be made smaller before it is told as it is. */
const MINIMISING_MS = 240_000

interface Options {
  /** How to run the calling test alone. */
  command: string
  /** @defaultValue the package of this repository, or INVARIANTS_ANALYTICS */
  tested?: Package
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
  let failed: { shop: World; finding: Finding } | undefined
  let played = 0
  const property = fc.asyncProperty(world, async (shop) => {
    played++
    const finding = await play(shop, tested, PHASES)
    if (finding === undefined) return true
    failed = { shop, finding }
    return false
  })
  const { seed } = await fc.check(property, { numRuns, endOnFailure: true })
  if (failed !== undefined) {
    const { shop, finding } = failed
    const until = performance.now() + minimisingMs
    let last = finding
    const smallest = await minimise(shop, async (smaller) => {
      if (performance.now() > until) return false
      const found = await play(smaller, tested, [finding.phase])
      if (found !== undefined) last = found
      return found !== undefined
    })
    throw new Error(report(smallest, last, { ...options, tested }, `shop ${played} of seed ${seed}`))
  }
  if (played < numRuns) throw new Error(`only ${played} of ${numRuns} shops were played`)
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
  { tested, command }: Required<Pick<Options, "tested" | "command">>,
  which: string,
): string {
  const other = tested.folder === ANALYTICS ? "" : `INVARIANTS_ANALYTICS=${tested.folder} `
  return [
    `a tiny shop breaks an invariant (${which}, made smaller)`,
    scriptIn(shop, tested),
    ...complaints,
    `Play it again and keep its warehouses:\n  ${other}INVARIANTS_SHOP='${JSON.stringify(shop)}' ${command}`,
  ].join("\n\n")
}

function scriptIn(shop: World, { models }: Package): string {
  return scriptOf(shop, (how) => {
    const { select, exclude, vars } = runOptions(how, models)
    if (select !== undefined) return `--select ${select.join(" ")}`
    if (exclude !== undefined) return `--exclude ${exclude.join(" ")}`
    return vars === undefined ? "" : `--vars '${JSON.stringify(vars)}'`
  })
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
