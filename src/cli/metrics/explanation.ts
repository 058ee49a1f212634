import { type Answer, answer } from "../../metrics/answer.ts"
import { behind, type Behind, type Definition, definitionOf } from "../../metrics/behind.ts"
import type { PublishedShop, ShopPlaces } from "../../metrics/published-shop.ts"
import type { Query } from "../../metrics/query.ts"
import { type Script, scriptOf } from "../../metrics/script.ts"
import { openShopLake } from "../../project/open-storage.ts"
import type { Shop } from "../../project/shop.ts"
import type { Style } from "../terminal/style.ts"
import { count, table, wrapped } from "../terminal/text.ts"
import { aboutLine, answerLines } from "./answer-lines.ts"
import { manifestOf } from "./run-manifest.ts"

interface Explanation {
  query: Query
  definition: Definition
  answer: Answer
  sql: Script
  behind: Behind
  /** By landing, the files that came with it. */
  files: Record<string, string[]>
}

/** Deliveries that are shown of a data set; of the others, how many there are. */
const LANDINGS_SHOWN = 3

export async function explanation(
  { shop, places, published }: { shop: Shop; places: ShopPlaces; published: PublishedShop },
  query: Query,
  signal: AbortSignal,
): Promise<Explanation> {
  const metrics = query.metrics.map((name) => published.catalog.metric(name))
  const [metric] = metrics as [(typeof metrics)[number]]
  const answered = await answer(published, query, signal)
  const found = await behind(published, metrics, manifestOf(shop.paths.runs, published.version.runId), signal)
  return {
    query,
    definition: definitionOf(metric, published.catalog),
    answer: answered,
    sql: scriptOf(query, published, places),
    behind: found,
    files: await filesOf(shop, found),
  }
}

async function filesOf(shop: Shop, { landings }: Behind): Promise<Record<string, string[]>> {
  const lake = await openShopLake(shop)
  const files: Record<string, string[]> = {}
  const datasets = new Map(
    landings.map(({ source, dataset }) => [`${source}.${dataset}`, { source, dataset }]),
  )
  for (const { source, dataset } of datasets.values())
    for (const landing of await lake.landings(source, dataset))
      files[landing.landingId] = landing.files.map(({ key }) => key)
  return files
}

export function explanationLines(
  explained: Explanation,
  style: (name: Style, text: string) => string,
): string[] {
  const { definition, answer: answered, query, sql } = explained
  const heading = (text: string) => ["", style("bold", text)]
  return [
    `${style("bold", definition.label)} (${definition.name})`,
    definition.description,
    "",
    ...table(["", ""], definitionRows(explained)).slice(2),
    ...heading("The number"),
    ...answerLines(answered, query),
    style("dim", aboutLine(answered)),
    ...heading("The SQL, to run in DuckDB"),
    ...sql.views.map((view) => `${view};`),
    ...sql.queries.flatMap((each) => ["", `${each};`]),
    ...heading("The models, from the number back to what was delivered"),
    ...modelLines(explained.behind),
    ...heading("The deliveries"),
    ...landingLines(explained),
    ...heading("Screens that removed or flagged records"),
    ...screenLines(explained.behind),
  ]
}

function definitionRows({ definition, behind: { quality } }: Explanation): string[][] {
  const { formula, grain, addsUp, splitBy, file, format, currency } = definition
  return [
    ["formula", formula],
    ["unit", currency === undefined ? format : `${format}, in the line's ${currency}`],
    ["reads", grain.join("; ")],
    ["adds up", addsUp],
    ["split by", splitBy.join(", ")],
    ["declared in", file],
    [
      "quality",
      quality === undefined
        ? "no delivery to judge by"
        : `${quality.grade}: ${(100 * quality.score).toFixed(2)} % of the delivered records are without a fault`,
    ],
  ]
}

function modelLines({ models }: Behind): string[] {
  if (models === undefined) return ["The manifest of the run that built it is gone; the next run writes one."]
  return models.flatMap(({ name, parents }) => {
    const [first = "", ...more] = wrapped(parents.length === 0 ? "nothing" : parents.join(", "), 90)
    return [`${name} ← ${first}`, ...more.map((line) => `${" ".repeat(name.length + 3)}${line}`)]
  })
}

function landingLines({ behind: { landings }, files }: Explanation): string[] {
  const shown = new Map<string, number>()
  const rows = landings.flatMap(({ source, dataset, landing, asOf, rows: read, rejected, flagged }) => {
    const name = `${source}.${dataset}`
    const nth = (shown.get(name) ?? 0) + 1
    shown.set(name, nth)
    const [file = "", ...more] = files[landing] ?? []
    const where = more.length === 0 ? file : `${file} and ${more.length} more`
    return nth > LANDINGS_SHOWN
      ? []
      : [[name, asOf.slice(0, 16), count(read), count(rejected), count(flagged), where]]
  })
  const others = [...shown].filter(([, n]) => n > LANDINGS_SHOWN)
  return [
    ...(rows.length === 0
      ? ["none"]
      : table(["data set", "as of (UTC)", "records", "rejected", "flagged", "in the lake"], rows, [2, 3, 4])),
    ...others.map(([name, n]) => `… and ${count(n - LANDINGS_SHOWN)} earlier of ${name}; --json has all`),
  ]
}

function screenLines({ screens }: Behind): string[] {
  if (screens.length === 0) return ["none"]
  const rows = screens.map(({ source, dataset, screen, action, records, description }) => [
    `${source}.${dataset}`,
    screen,
    action,
    count(records),
    description ?? "",
  ])
  return [
    ...table(["data set", "screen", "action", "records", ""], rows, [3]),
    "See the records with `cartwright errors list`.",
  ]
}
