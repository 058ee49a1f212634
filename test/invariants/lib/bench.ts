import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { type Effects, silentEffects } from "../../../src/core/effects.ts"
import type { Lake } from "../../../src/lake/lake.ts"
import { loadLandings, type LoadOutcome } from "../../../src/pipeline/load.ts"
import { type DbtOptions, type DbtOutcome, runEmbedded } from "../../../src/transform/dbt.ts"
import { openDuckDb } from "../../../src/warehouse/duckdb/duckdb-warehouse.ts"
import type { Session } from "../../../src/warehouse/warehouse.ts"
import { type LandedDelivery, withArrived } from "./landings.ts"
import { DATASETS, type DatasetName } from "./records.ts"
import type { World } from "./world.ts"

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))
/** The package as it is in this repository. */
export const ANALYTICS = join(root, "analytics")

/** Few days, so that dim_dates costs little; all times of the records but one lie within. */
function calendarOf({ deliveries }: World): Record<string, string> {
  const has = (source: string) => deliveries.some(({ dataset }) => DATASETS[dataset].source === source)
  return {
    calendar_from: has("online_retail") ? "2010-11-30" : "2025-11-30",
    calendar_to: has("thelook") ? "2026-01-31" : "2011-01-31",
  }
}

const LAYERS = {
  bronze_schema: "bronze",
  silver_schema: "silver",
  star_schema: "star",
  marts_schema: "marts",
  quality_schema: "quality",
}

/** Runs a dbt command; the embedded runner or real dbt. */
export type Engine = (options: DbtOptions) => Promise<DbtOutcome>

/** A folder in memory where there is one: the disk would cost more than the work. */
export function scratchFolder(): string {
  return mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "cartwright-invariants-"))
}

/** The dbt project of a tiny shop. */
export function writeProject(folder: string, world: World, analytics = ANALYTICS): string {
  const project = join(folder, "dbt")
  const output = {
    type: "duckdb",
    path: "{{ env_var('WAREHOUSE') }}",
    schema: "main",
    threads: 1,
    config_options: { threads: 1 },
  }
  const all: Record<string, string> = {
    "dbt_project.yml": JSON.stringify({
      name: "shop",
      version: "1.0.0",
      "config-version": 2,
      profile: "cartwright",
      vars: { ...LAYERS, ...calendarOf(world) },
    }),
    "packages.yml": JSON.stringify({ packages: [{ local: analytics }] }),
    "profiles.yml": JSON.stringify({ cartwright: { target: "duckdb", outputs: { duckdb: output } } }),
    "macros/generate_schema_name.sql": `{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ target.schema if custom_schema_name is none else var(custom_schema_name ~ '_schema', custom_schema_name) }}
{%- endmacro %}\n`,
  }
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(project, name)), { recursive: true })
    writeFileSync(join(project, name), text)
  }
  return project
}

/** What a run may state beyond being whole. */
export type RunOptions = Pick<DbtOptions, "select" | "exclude" | "vars" | "fullRefresh">

/** After all extractions, in milliseconds since 1970. */
const FIRST_LOAD = Date.UTC(2026, 0, 10)

/** One warehouse of a tiny shop: landings go in, runs build what is above bronze. */
export class ShopWarehouse {
  readonly path: string
  readonly #project: string
  readonly #engine: Engine
  readonly #lake: Lake
  /** Loads have a clock of their own, that ticks alike for every engine: the time of a load is in the tables. */
  readonly #loading: Effects
  #ticks = 0
  /** In the order of arrival. */
  readonly #arrived: LandedDelivery[] = []
  readonly loads: LoadOutcome[] = []
  #isSeeded = false

  constructor(options: { folder: string; name: string; project: string; lake: Lake; engine?: Engine }) {
    this.path = join(options.folder, `${options.name}.duckdb`)
    this.#project = options.project
    this.#lake = options.lake
    this.#engine = options.engine ?? runEmbedded
    this.#loading = silentEffects({ now: () => new Date(FIRST_LOAD + 1000 * this.#ticks++) })
  }

  /** Loads landings one after the other, each as if those after it were not there yet. */
  async load(landings: readonly LandedDelivery[]): Promise<void> {
    if (landings.length === 0) return
    const warehouse = await openDuckDb({ path: this.path, threads: 1 })
    try {
      for (const landed of landings) {
        this.#arrived.push(landed)
        const { source, dataset } = landed.landing
        const outcomes = await loadLandings({
          lake: withArrived(this.#lake, this.#arrived),
          warehouse,
          sources: [declarationOf(source)],
          select: [`${source}.${dataset}`],
          effects: this.#loading,
        })
        this.loads.push(...outcomes)
      }
    } finally {
      await warehouse.close()
    }
  }

  /** Loads all that arrived, once more. @returns what was news, which should be nothing */
  async loadAgain(): Promise<LoadOutcome[]> {
    const warehouse = await openDuckDb({ path: this.path, threads: 1 })
    try {
      const sources = Object.keys(this.sources()).map(declarationOf)
      const lake = withArrived(this.#lake, this.#arrived)
      return await loadLandings({ lake, warehouse, sources, effects: this.#loading })
    } finally {
      await warehouse.close()
    }
  }

  /** The data sets that have a landing: the models of others are not there, as in the pipeline. */
  sources(): Record<string, string[]> {
    const sources: Record<string, string[]> = {}
    for (const { landing } of this.#arrived) {
      const list = (sources[landing.source] ??= [])
      if (!list.includes(landing.dataset)) list.push(landing.dataset)
    }
    return sources
  }

  /** Builds models, and seeds until they are there; no tests. Failing nodes are in the outcome. */
  async run(options: RunOptions = {}): Promise<DbtOutcome> {
    const outcome = await this.#engine({
      command: "build",
      projectDir: this.#project,
      profilesDir: this.#project,
      targetPath: `${this.path}-target`,
      excludeResourceTypes: this.#isSeeded ? ["test", "seed"] : ["test"],
      threads: 1,
      environment: { ...process.env, WAREHOUSE: this.path },
      effects: silentEffects(),
      ...options,
      vars: { sources: this.sources(), ...options.vars },
    })
    this.#isSeeded ||= outcome.success && options.select === undefined && options.exclude === undefined
    return outcome
  }

  /** The warehouse as it is now, under its own name in another folder; views know the name. @returns its path */
  keep(as: string): string {
    const copy = join(dirname(this.path), as, basename(this.path))
    mkdirSync(dirname(copy), { recursive: true })
    copyFileSync(this.path, copy)
    return copy
  }
}

/** Asks a warehouse file. */
export async function query<T>(path: string, work: (session: Session) => Promise<T>): Promise<T> {
  const warehouse = await openDuckDb({ path, threads: 1 })
  const session = await warehouse.session()
  try {
    return await work(session)
  } finally {
    session.close()
    await warehouse.close()
  }
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

function declarationOf(source: string) {
  const datasets = (Object.keys(DATASETS) as DatasetName[]).filter((name) => DATASETS[name].source === source)
  return {
    name: source,
    files: {
      path: "",
      datasets: Object.fromEntries(
        datasets.map((name) => {
          const { key } = DATASETS[name]
          return [name, { files: "*", ...(key === undefined ? {} : { key: [key] }) }]
        }),
      ),
    },
  }
}
