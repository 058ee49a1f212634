import { readdir, readFile } from "node:fs/promises"
import { join, relative } from "node:path"
import * as z from "zod"
import { asDict, loadYaml } from "../transform/yaml/yaml.ts"
import { personalColumns } from "./personal.ts"

export const FORMATS = ["count", "money", "percent", "decimal", "hours"] as const
const AGGREGATIONS = ["sum", "sum_boolean", "count", "count_distinct", "average", "min", "max"] as const

const common = { name: z.string(), label: z.string().optional(), description: z.string().optional() }
/** SQL of the shop's own project. Jinja in it would need a run of dbt. */
const sql = z.coerce.string().refine((text) => !text.includes("{{"), "Jinja in an expression")

const entity = z.strictObject({
  ...common,
  type: z.enum(["primary", "unique", "foreign", "natural"]),
  expr: sql.optional(),
})
const dimension = z.strictObject({
  ...common,
  type: z.enum(["categorical", "time"]),
  expr: sql.optional(),
  type_params: z.strictObject({ time_granularity: z.string() }).optional(),
  config: z.unknown().optional(),
})
const measure = z.strictObject({
  ...common,
  agg: z.enum(AGGREGATIONS),
  expr: sql.optional(),
  config: z.unknown().optional(),
})
const semanticModel = z.strictObject({
  ...common,
  model: z.string().transform((text, context) => {
    const table = /^ref\(\s*(?:(?:'[^']+'|"[^"]+")\s*,\s*)?['"](\w+)['"]\s*\)$/.exec(text.trim())?.[1]
    if (table === undefined) context.addIssue("expected ref('<model>')")
    return table ?? ""
  }),
  primary_entity: z.string().optional(),
  defaults: z.object({ agg_time_dimension: z.string() }).optional(),
  entities: z.array(entity).default([]),
  dimensions: z.array(dimension).default([]),
  measures: z.array(measure).default([]),
  config: z
    .object({
      enabled: z.boolean().default(true),
      meta: z
        .object({
          /** What a row is. */
          grain: z.string().optional(),
          /** The dimension that states the currency of the model's money. */
          currency: z.string().optional(),
          /** Its rows connect a fact with several values of a dimension. */
          bridge: z.boolean().default(false),
        })
        .default({ bridge: false }),
    })
    .default({ enabled: true, meta: { bridge: false } }),
})

const reference = z.union([z.string(), z.strictObject({ name: z.string() }).transform(({ name }) => name)])
const meta = z
  .object({ format: z.enum(FORMATS).default("decimal"), better: z.enum(["more", "less"]).optional() })
  .default({ format: "decimal" })
const metricCommon = {
  ...common,
  config: z
    .object({ enabled: z.boolean().default(true), meta })
    .default({ enabled: true, meta: { format: "decimal" } }),
}
const metric = z.discriminatedUnion("type", [
  z.strictObject({
    ...metricCommon,
    type: z.literal("simple"),
    type_params: z.strictObject({ measure: reference }),
  }),
  z.strictObject({
    ...metricCommon,
    type: z.literal("ratio"),
    type_params: z.strictObject({ numerator: reference, denominator: reference }),
  }),
  z.strictObject({
    ...metricCommon,
    type: z.literal("derived"),
    type_params: z.strictObject({ expr: sql, metrics: z.array(reference) }),
  }),
])

export type SemanticModel = z.output<typeof semanticModel>
export type MetricDeclaration = z.output<typeof metric>
export type Measure = SemanticModel["measures"][number]

export interface Declared<T> {
  value: T
  /** The file, below the dbt project. */
  file: string
}

/** What a dbt project declares of metrics. */
export interface Declarations {
  models: Declared<SemanticModel>[]
  metrics: Declared<MetricDeclaration>[]
  /** Metrics and semantic models, by name, that use what only MetricFlow has: what, and in which file. */
  refused: Map<string, { reason: string; file: string }>
  /** Columns of models that say something about a person. */
  personal: Set<string>
}

/**
 * Reads the semantic models and metrics of a dbt project and of the packages in it that are not installed copies. They are read
 * as they stand, without a run of dbt.
 * @throws CartwrightError `config` for YAML that cannot be read
 */
export async function readDeclarations(project: string): Promise<Declarations> {
  const declarations: Declarations = { models: [], metrics: [], refused: new Map(), personal: new Set() }
  for (const path of await yamlFiles(project)) {
    const text = await readFile(path, "utf8")
    if (!/^(?:semantic_models|metrics):|\bpii\b/m.test(text)) continue
    const document = asDict(await loadYaml(text, path)) ?? {}
    const file = relative(project, path)
    for (const column of personalColumns(document)) declarations.personal.add(column)
    collect(document["semantic_models"], semanticModel, declarations.models, file, declarations)
    collect(document["metrics"], metric, declarations.metrics, file, declarations)
  }
  return declarations
}

function collect<T extends { config: { enabled: boolean } }>(
  entries: unknown,
  schema: z.ZodType<T>,
  into: Declared<T>[],
  file: string,
  { refused }: Declarations,
): void {
  for (const entry of Array.isArray(entries) ? (entries as unknown[]) : []) {
    const parsed = schema.safeParse(entry)
    if (!parsed.success) {
      const name = asDict(entry)?.["name"]
      refused.set(typeof name === "string" ? name : "", {
        reason: z.prettifyError(parsed.error).replaceAll("✖ ", ""),
        file,
      })
    } else if (parsed.data.config.enabled) into.push({ value: parsed.data, file })
  }
}

const NOT_OURS = new Set(["target", "dbt_packages", "logs", "node_modules"])

async function yamlFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const found = await Promise.all(
    entries
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(async (entry) => {
        const path = join(folder, entry.name)
        if (entry.isDirectory())
          return NOT_OURS.has(entry.name) || entry.name.startsWith(".") ? [] : yamlFiles(path)
        return /\.ya?ml$/.test(entry.name) ? [path] : []
      }),
  )
  return found.flat()
}
