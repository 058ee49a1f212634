import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { Catalog } from "./catalog.ts"
import { readDeclarations } from "./declarations.ts"

const MODELS = `
semantic_models:
  - name: visits
    model: ref('fact_visits')
    defaults: {agg_time_dimension: at}
    entities:
      - {name: visit, type: primary, expr: visit_key}
      - {name: place, type: foreign, expr: place_key}
    dimensions:
      - {name: at, type: time, type_params: {time_granularity: day}}
    measures: [{name: visit_count, agg: sum, expr: "1"}]
  - name: places
    model: ref("shop", "dim_places")
    entities: [{name: place, type: primary, expr: place_key}, {name: land, type: foreign, expr: land_key}]
    dimensions: [{name: town, type: categorical}]
  - name: lands
    model: ref('dim_lands')
    entities: [{name: land, type: primary, expr: land_key}, {name: world, type: foreign, expr: world_key}]
    dimensions: [{name: town, type: categorical, expr: capital}, {name: land_name, type: categorical}]
  - name: worlds
    model: ref('dim_worlds')
    entities: [{name: world, type: primary, expr: world_key}]
    dimensions: [{name: world_name, type: categorical}]
`
const VISITS = "metrics:\n  - {name: visits, type: simple, type_params: {measure: visit_count}}\n"

/** A dbt project with one file of YAML per text. */
async function catalogOf(...texts: string[]): Promise<Catalog> {
  const project = mkdtempSync(join(tmpdir(), "cartwright-metrics-"))
  for (const [i, text] of texts.entries()) writeFileSync(join(project, `_${i}.yml`), text)
  mkdirSync(join(project, "dbt_packages"))
  writeFileSync(join(project, "dbt_packages", "copy.yml"), texts.join("\n"))
  return new Catalog(await readDeclarations(project))
}

test("a fact has the dimensions that are at most two keys away, of equal names the nearest", async () => {
  const catalog = await catalogOf(MODELS, VISITS)
  const paths = catalog.sharedDimensions([catalog.metric("visits")])
  expect(paths.map(({ name, hops, expr }) => [name, hops.map(({ table }) => table), expr])).toEqual([
    ["town", ["dim_places"], "town"],
    ["land_name", ["dim_places", "dim_lands"], "land_name"],
  ])
})

test("ratios and derived metrics are made of metrics, in whatever order they are declared", async () => {
  const catalog = await catalogOf(
    MODELS,
    "metrics:\n  - {name: half, type: ratio, type_params: {numerator: visits, denominator: twice}}\n  - {name: twice, type: derived, type_params: {expr: 2 * visits, metrics: [{name: visits}]}}\n",
    VISITS,
  )
  expect([...catalog.metrics.keys()]).toEqual(["half", "twice", "visits"])
})

test("what only MetricFlow has is refused where it is asked for, with what is made of it, and nothing else", async () => {
  const catalog = await catalogOf(
    MODELS,
    VISITS,
    `metrics:
  - {name: so_far, type: cumulative, type_params: {measure: visit_count}}
  - {name: filtered, type: simple, type_params: {measure: visit_count}, filter: "{{ Dimension('visit__town') }} = 'x'"}
  - {name: of_both, type: ratio, type_params: {numerator: visits, denominator: filtered}}
`,
  )
  expect([...catalog.metrics.keys()]).toEqual(["visits"])
  expect(() => catalog.metric("filtered")).toThrow(
    expect.objectContaining({ code: "unsupported", place: "_2.yml" }),
  )
  expect(() => catalog.metric("so_far")).toThrow("the metric so_far uses what queries do not support")
  expect(() => catalog.metric("of_both")).toThrow("it is made of a metric that cannot be asked for")
  expect(() => catalog.metric("visit")).toThrow("there is no metric visit; did you mean visits?")
})

test.each([
  ["two metrics are named visits", [VISITS, VISITS]],
  ["two measures are named visit_count", [MODELS, VISITS]],
  [
    "names the measure visits_count, which is not there; did you mean visit_count?",
    ["metrics:\n  - {name: a, type: simple, type_params: {measure: visits_count}}\n"],
  ],
  [
    "the metric a is made of visit, which is no metric",
    ["metrics:\n  - {name: a, type: ratio, type_params: {numerator: visit, denominator: visit}}\n"],
  ],
  [
    "the metric a is made of itself: a → b → a",
    [
      "metrics:\n  - {name: a, type: ratio, type_params: {numerator: b, denominator: b}}\n  - {name: b, type: ratio, type_params: {numerator: a, denominator: a}}\n",
    ],
  ],
])("declarations that contradict themselves are wrong: %s", async (offence, texts) => {
  await expect(catalogOf(MODELS, ...texts)).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining(offence),
  })
})
