import { CartwrightError, nearest } from "../core/errors.ts"
import type { Declarations, Declared, Measure, MetricDeclaration, SemanticModel } from "./declarations.ts"

/** A metric that can be asked for. */
export interface Metric {
  name: string
  label: string
  description: string
  format: MetricDeclaration["config"]["meta"]["format"]
  /** Whether more of it is good news. */
  better: "more" | "less" | undefined
  formula: Formula
  file: string
}

export type Formula =
  | { kind: "measure"; measure: Measure; model: SemanticModel }
  | { kind: "ratio"; numerator: Metric; denominator: Metric }
  /** `expr` names the metrics. */
  | { kind: "derived"; expr: string; metrics: Metric[] }

/** How a fact comes to a dimension: from key to key, then the dimension's expression. */
export interface DimensionPath {
  name: string
  label: string
  description: string | undefined
  /** Tables on the way; none where the fact itself has the dimension. */
  hops: Hop[]
  expr: string
  /** A row of the fact may have several values. */
  several: boolean
}

interface Hop {
  /** The key in the table before, and in this one. */
  from: string
  to: string
  table: string
}

/** What a shop can be asked: its metrics, and by what each can be split. */
export class Catalog {
  readonly metrics: ReadonlyMap<string, Metric>
  readonly #refused: Declarations["refused"]
  readonly #paths = new Map<SemanticModel, Map<string, DimensionPath>>()

  /** @throws CartwrightError `config` where two metrics or measures share a name, or a metric names what is not there */
  constructor({ models, metrics, refused }: Declarations) {
    this.#refused = refused
    const byMeasure = new Map<string, { measure: Measure; model: SemanticModel }>()
    for (const { value: model, file } of models) {
      this.#paths.set(model, dimensionPaths(model, models))
      for (const measure of model.measures) {
        if (byMeasure.has(measure.name)) throw twice("measure", measure.name, file)
        byMeasure.set(measure.name, { measure, model })
      }
    }
    this.metrics = resolveMetrics(metrics, byMeasure, refused)
  }

  /** @throws CartwrightError `usage` where there is none of that name */
  metric(name: string): Metric {
    const metric = this.metrics.get(name)
    if (metric !== undefined) return metric
    const refused = this.#refused.get(name)
    if (refused !== undefined)
      throw new CartwrightError(
        "unsupported",
        `the metric ${name} uses what queries do not support: ${refused.reason}`,
        {
          place: refused.file,
          next: "docs/metrics.md says what is supported.",
          state: "Nothing was asked.",
        },
      )
    throw unknown("metric", name, [...this.metrics.keys()])
  }

  /** What a fact can be split by, by name. */
  dimensionsOf(model: SemanticModel): ReadonlyMap<string, DimensionPath> {
    return this.#paths.get(model) as Map<string, DimensionPath>
  }

  /** What all metrics can be split by. */
  sharedDimensions(metrics: readonly Metric[]): DimensionPath[] {
    const [first, ...others] = [...new Set(metrics.flatMap(modelsOf))].map((model) =>
      this.dimensionsOf(model),
    )
    return [...(first?.values() ?? [])].filter(({ name }) => others.every((paths) => paths.has(name)))
  }
}

/** The measures that a metric is computed from. */
export function measuresOf({ formula }: Metric): { measure: Measure; model: SemanticModel }[] {
  if (formula.kind === "measure") return [formula]
  return inputsOf(formula).flatMap(measuresOf)
}

export function modelsOf(metric: Metric): SemanticModel[] {
  return [...new Set(measuresOf(metric).map(({ model }) => model))]
}

export function inputsOf(formula: Formula): Metric[] {
  if (formula.kind === "measure") return []
  return formula.kind === "ratio" ? [formula.numerator, formula.denominator] : formula.metrics
}

export function unknown(what: string, name: string, choices: readonly string[]): CartwrightError {
  const near = nearest(name, choices)
  return new CartwrightError(
    "usage",
    `there is no ${what} ${name}${near === undefined ? "" : `; did you mean ${near}?`}`,
    {
      choices,
      next: `Name one of them; \`cartwright query --list\` describes them.`,
      state: "Nothing was asked.",
    },
  )
}

/** Two keys away at most, the nearest of each name first; then what bridges connect. */
function dimensionPaths(
  fact: SemanticModel,
  models: readonly Declared<SemanticModel>[],
): Map<string, DimensionPath> {
  const paths = new Map<string, DimensionPath>()
  const add = (model: SemanticModel, hops: Hop[], several: boolean) => {
    for (const { name, label, description, type, expr } of model.dimensions)
      if (type === "categorical" && !paths.has(name))
        paths.set(name, { name, label: label ?? name, description, hops, expr: expr ?? name, several })
  }
  add(fact, [], false)
  let reached: { model: SemanticModel; hops: Hop[] }[] = [{ model: fact, hops: [] }]
  for (let distance = 1; distance <= 2; distance++) {
    reached = reached.flatMap(({ model, hops }) =>
      model.entities
        .filter(({ type }) => type === "foreign")
        .flatMap(({ name, expr: from = name }) =>
          models.flatMap(({ value: other }) => {
            const key = other.entities.find((each) => each.name === name && each.type !== "foreign")
            if (other === model || key === undefined) return []
            return [{ model: other, hops: [...hops, { from, to: key.expr ?? name, table: other.model }] }]
          }),
        ),
    )
    for (const { model, hops } of reached) add(model, hops, false)
  }
  const own = fact.entities.find(({ type }) => type === "primary")
  for (const { value: bridge } of own === undefined ? [] : models) {
    const key = bridge.config.meta.bridge ? bridge.entities.find(({ name }) => name === own?.name) : undefined
    if (own !== undefined && key !== undefined)
      add(bridge, [{ from: own.expr ?? own.name, to: key.expr ?? key.name, table: bridge.model }], true)
  }
  return paths
}

function resolveMetrics(
  declared: readonly Declared<MetricDeclaration>[],
  measures: ReadonlyMap<string, { measure: Measure; model: SemanticModel }>,
  refused: Declarations["refused"],
): Map<string, Metric> {
  const byName = new Map<string, Declared<MetricDeclaration>>()
  for (const each of declared) {
    if (byName.has(each.value.name)) throw twice("metric", each.value.name, each.file)
    byName.set(each.value.name, each)
  }
  const metrics = new Map<string, Metric>()
  const resolve = (name: string, within: readonly string[]): Metric | undefined => {
    const known = metrics.get(name)
    if (known !== undefined) return known
    const found = byName.get(name)
    const user = within.at(-1)
    if (found === undefined) {
      if (refused.has(name)) return undefined
      throw dangling(
        `the metric ${user} is made of ${name}, which is no metric`,
        byName.get(user ?? "")?.file,
        name,
        byName.keys(),
      )
    }
    const { value, file } = found
    if (within.includes(name))
      throw dangling(`the metric ${name} is made of itself: ${[...within, name].join(" → ")}`, file, "", [])
    const all = (names: readonly string[]) => names.map((each) => resolve(each, [...within, name]))
    const formula = formulaOf(value, all, measures, file)
    if (formula === undefined) {
      refused.set(name, { reason: "it is made of a metric that cannot be asked for", file })
      return undefined
    }
    const { format, better } = value.config.meta
    const metric = {
      name,
      label: value.label ?? name,
      description: value.description ?? "",
      format,
      better,
      formula,
      file,
    }
    metrics.set(name, metric)
    return metric
  }
  // In the order of declaration, though some are needed by earlier ones.
  return new Map(
    [...byName.keys()].flatMap((name) => resolve(name, []) ?? []).map((metric) => [metric.name, metric]),
  )
}

function formulaOf(
  metric: MetricDeclaration,
  resolve: (names: readonly string[]) => (Metric | undefined)[],
  measures: ReadonlyMap<string, { measure: Measure; model: SemanticModel }>,
  file: string,
): Formula | undefined {
  if (metric.type === "simple") {
    const name = metric.type_params.measure
    const found = measures.get(name)
    if (found === undefined)
      throw dangling(
        `the metric ${metric.name} names the measure ${name}, which is not there`,
        file,
        name,
        measures.keys(),
      )
    return { kind: "measure", ...found }
  }
  if (metric.type === "ratio") {
    const [numerator, denominator] = resolve([metric.type_params.numerator, metric.type_params.denominator])
    if (numerator === undefined || denominator === undefined) return undefined
    return { kind: "ratio", numerator, denominator }
  }
  const parts = resolve(metric.type_params.metrics)
  const known = parts.filter((part) => part !== undefined)
  return known.length < parts.length
    ? undefined
    : { kind: "derived", expr: metric.type_params.expr, metrics: known }
}

function dangling(
  offence: string,
  file: string | undefined,
  name: string,
  choices: Iterable<string>,
): CartwrightError {
  const near = nearest(name, [...choices])
  return new CartwrightError("config", offence + (near === undefined ? "" : `; did you mean ${near}?`), {
    place: file,
    next: "Mend the declaration; docs/metrics.md explains it.",
    state: "Nothing was asked.",
  })
}

function twice(what: string, name: string, file: string): CartwrightError {
  return new CartwrightError("config", `two ${what}s are named ${name}`, {
    place: file,
    next: "Rename one of them.",
    state: "Nothing was asked.",
  })
}
