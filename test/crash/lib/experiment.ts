import { spawnSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { readLedger, warehouseIdentity, writeLedger } from "../../../src/pipeline/ledger.ts"
import { type Ended, start } from "../../e2e/lib/cli.ts"
import { differences, type Facts, factsOf, leftOvers } from "./facts.ts"
import { randomOf } from "./random.ts"
import { startReader } from "./reader.ts"
import { deliver, type Files, type ShopKind } from "./shop.ts"

const KILL_AT = fileURLToPath(new URL("./kill-at.mjs", import.meta.url))

/** A shop's story, told once without any disturbance. */
export interface Calm {
  kind: ShopKind
  seed: number
  folder: string
  days: CalmDay[]
}

export interface CalmDay {
  files: Files
  /** The shop before this day's run: a copy to begin from. */
  before: string
  /** After it. */
  facts: Facts
  /** Every durable action of the run, in order. */
  actions: string[]
  /** How long the run took, ms. */
  duration: number
}

/** When to kill a run: before its n-th durable action, before the first one of a kind, or after so many milliseconds. */
export type Kill = { action: number } | { before: RegExp } | { ms: number }

/** @param count how many of its days are told. @defaultValue all */
export async function tellCalmly(kind: ShopKind, seed: number, count = kind.days): Promise<Calm> {
  const folder = mkdtempSync(join(tmpdir(), `cartwright-crash-${kind.name}-`))
  const home = join(folder, "calm")
  const stories = kind.stories(randomOf(seed)).slice(0, count)
  deliver(join(home, "files"), stories[0] as Files)
  await kind.make(home, randomOf(seed))
  const days: CalmDay[] = []
  for (const [i, files] of stories.entries()) {
    const before = join(folder, `before-${i}`)
    copyShop(join(home, "shop"), before)
    deliver(join(home, "files"), files)
    const trace = join(folder, `trace-${i}`)
    const started = Date.now()
    requireDone(
      await cartwrightIn(home, ["run", ...SHOP], { KILL_TRACE: trace }),
      `the undisturbed run of day ${i}, seed ${seed}`,
    )
    const duration = Date.now() - started
    const actions = readFileSync(trace, "utf8").trim().split("\n")
    days.push({ files, before, facts: await factsOf(join(home, "shop")), actions, duration })
  }
  return { kind, seed, folder, days }
}

export interface Disturbance {
  calm: Calm
  /** The day whose run is disturbed. */
  day: number
  /** The command is killed so often in a row before it is left alone. */
  kills: readonly Kill[]
  /** What is killed. @defaultValue run */
  command?: string
  /** Steps that are done before, in peace. */
  prepared?: readonly string[]
  /** The next day's files come before the run that is left alone, which then does the work of two days. */
  late?: boolean
  /** A further script that every run loads first: to break the program on purpose. */
  sabotage?: string
}

export interface Outcome {
  /** Runs that the signal ended; others were quicker. */
  kills: number
  /** How often a reader looked meanwhile. */
  reads: number
  /** In what the shop differs from one that was never disturbed. */
  faults: string[]
}

/** Kills a day's run, runs again to the end, and says in what the shop differs from the one that was left in peace. */
export async function disturb(disturbance: Disturbance): Promise<Outcome> {
  const { calm, day, kills, command = "run", prepared = [], late = false, sabotage } = disturbance
  const end = late ? day + 1 : day
  const home = beginDay(calm, day)
  const shop = join(home, "shop")
  const states = calm.days.slice(Math.max(0, day - 1), end + 1).map(({ facts }) => published(facts))
  const reader = startReader(shop, states)
  let count = 0
  const faults: string[] = []
  try {
    for (const step of prepared) requireDone(await cartwrightIn(home, [step, ...SHOP]), step)
    for (const kill of kills) {
      const ended = await killed(home, [command, ...SHOP], kill, sabotage)
      if (ended.code === null) count++
      else if (ended.code !== 0)
        faults.push(`what was to be killed ended with ${ended.code}: ${ended.stderr}`)
    }
    if (late) deliver(join(home, "files"), (calm.days[end] as CalmDay).files)
    const last = await cartwrightIn(home, ["run", ...SHOP], {}, { sabotage })
    if (last.code !== 0) faults.push(`the rerun ended with ${last.code}: ${last.stderr}`)
  } finally {
    await reader.stop()
  }
  // Two days at once are loaded data set by data set, in place of day by day: bronze counts its rows in another order.
  const differs = (await faultsAfter(home, calm, end)).filter(
    (fault) => !late || !/^table bronze[.]/.test(fault),
  )
  faults.push(...reader.faults, ...differs)
  if (faults.length === 0) rmSync(home, { recursive: true, force: true })
  return { kills: count, reads: reader.reads, faults }
}

/** Runs `cartwright` until it is killed, or to its end where that comes first. */
export function killed(home: string, args: readonly string[], kill: Kill, sabotage?: string): Promise<Ended> {
  if ("ms" in kill) return cartwrightIn(home, args, {}, { sabotage, killAfter: kill.ms })
  const when = "before" in kill ? { KILL_BEFORE: kill.before.source } : { KILL_AT: String(kill.action) }
  return cartwrightIn(home, args, when, { sabotage })
}

/** A new home with the shop as it was before a day, and the files of that day. */
export function beginDay(calm: Calm, day: number, parent = calm.folder): string {
  const { before, files } = calm.days[day] as CalmDay
  const home = mkdtempSync(join(parent, `day-${day}-`))
  copyShop(before, join(home, "shop"))
  deliver(join(home, "files"), files)
  mkdirSync(join(home, "temporary"))
  return home
}

/** In what a shop differs after a day from the one that was left in peace. */
export async function faultsAfter(home: string, calm: Calm, day: number): Promise<string[]> {
  const shop = join(home, "shop")
  const found = await factsOf(shop).catch((error: unknown) => String(error))
  return [
    ...(typeof found === "string" ? [found] : differences(found, calm.days[day]?.facts ?? {})),
    ...leftOvers(shop, join(home, "temporary")).map((each) => `left over: ${each}`),
  ]
}

function published(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([name]) => name.startsWith("published ")))
}

export const SHOP = ["--dir", "shop"]

/** Runs `cartwright` in a folder, with its temporary files below it; perhaps killed, perhaps broken on purpose. */
export async function cartwrightIn(
  home: string,
  args: readonly string[],
  env: { KILL_AT?: string; KILL_BEFORE?: string; KILL_TRACE?: string } = {},
  { sabotage, killAfter }: { sabotage?: string | undefined; killAfter?: number } = {},
): Promise<Ended> {
  const temporary = join(home, "temporary")
  mkdirSync(temporary, { recursive: true })
  const counted = Object.keys(env).length > 0 ? [KILL_AT] : []
  const preload = [...counted, ...(sabotage === undefined ? [] : [sabotage])]
  const running = start(args, {
    cwd: home,
    env: { ...env, TMPDIR: temporary, NODE_OPTIONS: preload.map((path) => `--import=${path}`).join(" ") },
  })
  if (killAfter !== undefined) {
    const timer = setTimeout(() => running.child.kill("SIGKILL"), killAfter)
    void running.ended.then(() => clearTimeout(timer))
  }
  return running.ended
}

/** Copies a shop in which nothing runs, so that its ledger believes in the copied warehouse as in the original. */
function copyShop(from: string, to: string): void {
  const { status, stderr } = spawnSync("cp", ["-a", from, to], { encoding: "utf8" })
  if (status !== 0) throw new Error(stderr)
  const runs = join(to, "runs")
  if (!existsSync(join(runs, "ledger.json"))) return
  const ledger = readLedger(runs)
  if (ledger.warehouse !== warehouseIdentity(join(from, "warehouse.duckdb"))) return
  const identity = warehouseIdentity(join(to, "warehouse.duckdb"))
  if (identity !== undefined) writeLedger(runs, { ...ledger, warehouse: identity })
}

export function requireDone({ code, stderr, stdout }: Ended, what: string): void {
  if (code !== 0) throw new Error(`${what} ended with ${code}:\n${stderr}\n${stdout}`)
}
