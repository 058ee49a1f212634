import { type Catalog, inputsOf, measuresOf, type Metric, modelsOf } from "./catalog.ts"
import type { Measure } from "./declarations.ts"
import { readManifest, shortName } from "./lineage.ts"
import type { PublishedShop } from "./published-shop.ts"

/** A model of the dbt project between a metric and what was delivered. */
export interface ModelBehind {
  name: string
  file: string
  parents: string[]
}

export interface LandingBehind {
  source: string
  dataset: string
  landing: string
  asOf: string
  rows: number
  rejected: number
  flagged: number
}

export interface ScreenBehind {
  source: string
  dataset: string
  screen: string
  action: string
  records: number
  description: string | null
}

/** A: at least 99.5 % of the delivered records are without a fault; B 98 %, C 95 %, D fewer. */
export type Grade = "A" | "B" | "C" | "D"

/** Where a metric's numbers come from, and how good that is. */
export interface Behind {
  /** Models nearest first; undefined where the run's manifest is gone. */
  models: ModelBehind[] | undefined
  landings: LandingBehind[]
  /** Screens that removed or flagged records, most records first. */
  screens: ScreenBehind[]
  quality: { grade: Grade; score: number } | undefined
}

/**
 * What lies behind metrics.
 * @param manifest path of the dbt manifest of the run that published
 */
export async function behind(
  shop: PublishedShop,
  metrics: readonly Metric[],
  manifest: string,
  signal: AbortSignal,
): Promise<Behind> {
  const tables = [...new Set(metrics.flatMap(modelsOf).map(({ model }) => model))]
  const lineage = await lineageOf(tables, manifest)
  const { landings, screens } = await qualityOf(shop, lineage?.datasets, signal)
  return { models: lineage?.models, landings, screens, quality: gradeOf(landings) }
}

export function gradeOf(landings: readonly LandingBehind[]): Behind["quality"] {
  const rows = landings.reduce((sum, landing) => sum + landing.rows, 0)
  if (rows === 0) return undefined
  const faulty = landings.reduce((sum, { rejected, flagged }) => sum + rejected + flagged, 0)
  const score = 1 - faulty / rows
  return { grade: score >= 0.995 ? "A" : score >= 0.98 ? "B" : score >= 0.95 ? "C" : "D", score }
}

/** Up from the tables to the data sets that were delivered. Ledgers, which every model reads, are no data. */
async function lineageOf(
  tables: readonly string[],
  path: string,
): Promise<{ models: ModelBehind[]; datasets: Set<string> } | undefined> {
  const manifest = await readManifest(path)
  if (manifest === undefined) return undefined
  const { nodes, sources } = manifest
  const models: ModelBehind[] = []
  const datasets = new Set<string>()
  const seen = new Set<string>()
  let level = Object.keys(nodes).filter((id) => {
    const node = nodes[id]
    return node?.resource_type === "model" && tables.includes(node.alias ?? node.name)
  })
  while (level.length > 0) {
    const next: string[] = []
    for (const id of level) {
      if (seen.has(id)) continue
      seen.add(id)
      const source = sources[id]
      if (source !== undefined && source.source_name !== "bronze_ledger")
        datasets.add(`${source.source_name}.${source.name}`)
      const node = nodes[id]
      if (node === undefined || node.resource_type !== "model") continue
      const parents = (node.depends_on?.nodes ?? []).filter(
        (parent) => sources[parent]?.source_name !== "bronze_ledger",
      )
      models.push({ name: node.name, file: node.original_file_path, parents: parents.map(shortName).sort() })
      next.push(...parents)
    }
    level = next
  }
  return { models, datasets }
}

async function qualityOf(
  shop: PublishedShop,
  datasets: ReadonlySet<string> | undefined,
  signal: AbortSignal,
): Promise<{ landings: LandingBehind[]; screens: ScreenBehind[] }> {
  const { tables } = shop.version
  if (
    tables["audits"] === undefined ||
    tables["error_events"] === undefined ||
    tables["screens"] === undefined
  )
    return { landings: [], screens: [] }
  const landings = await shop.ask<LandingBehind>(
    `select source_name as source, data_set as dataset, landing_id as landing, cast(as_of as varchar) as "asOf", cast(rows_read as double) as rows,
      cast(rejected_lines + rejected_rows as double) as rejected, cast(flagged_rows as double) as flagged
    from audits order by source_name, data_set, extracted_at desc`,
    [],
    signal,
  )
  const screens = await shop.ask<ScreenBehind>(
    `select events.source_name as source, events.data_set as dataset, events.screen_name as screen, events.action,
      cast(sum(events.record_count) as double) as records, any_value(screens.description) as description
    from error_events as events
    left join screens using (source_name, data_set, screen_name)
    where events.action <> 'pass'
    group by all order by records desc, source, dataset, screen`,
    [],
    signal,
  )
  const concerns = ({ source, dataset }: { source: string; dataset: string }) =>
    datasets?.has(`${source}.${dataset}`) ?? true
  return { landings: landings.filter(concerns), screens: screens.filter(concerns) }
}

/** A metric in words. */
export interface Definition {
  name: string
  label: string
  description: string
  format: Metric["format"]
  currency: string | undefined
  formula: string
  grain: string[]
  addsUp: string
  splitBy: string[]
  file: string
}

export function definitionOf(metric: Metric, catalog: Catalog): Definition {
  const models = modelsOf(metric)
  const currency =
    metric.format === "money" ? models.find(({ config }) => config.meta.currency !== undefined) : undefined
  return {
    name: metric.name,
    label: metric.label,
    description: metric.description,
    format: metric.format,
    currency: currency?.config.meta.currency,
    formula: formulaText(metric),
    grain: models.map(({ model, config, name }) => `${model}: one row a ${config.meta.grain ?? name}`),
    addsUp: addsUp(metric),
    splitBy: catalog.sharedDimensions([metric]).map(({ name }) => name),
    file: metric.file,
  }
}

function formulaText({ formula }: Metric): string {
  if (formula.kind === "ratio") return `${formula.numerator.name} ÷ ${formula.denominator.name}`
  if (formula.kind === "derived") return formula.expr
  const { measure, model } = formula
  if (measure.agg === "sum" && measure.expr === "1") return `number of rows in ${model.model}`
  return `${WORDS[measure.agg]} ${measure.expr ?? measure.name} in ${model.model}`
}

const WORDS: Record<Measure["agg"], string> = {
  sum: "sum of",
  sum_boolean: "number of rows where",
  count: "number of",
  count_distinct: "number of different values of",
  average: "average of",
  min: "smallest of",
  max: "largest of",
}

function addsUp(metric: Metric): string {
  const { formula } = metric
  if (formula.kind !== "measure")
    return `computed from ${inputsOf(formula)
      .map(({ name }) => name)
      .join(" and ")} of each total, never from parts`
  const [first] = measuresOf(metric)
  if (first?.measure.agg === "count_distinct")
    return "counted anew for each total: the parts may exceed the whole"
  if (first?.measure.agg === "average") return "averaged anew over all rows of each total"
  if (["min", "max"].includes(first?.measure.agg ?? "")) return "the extreme of each total"
  return "the parts add up to the whole, unless a row has several values (the categories of a session)"
}
