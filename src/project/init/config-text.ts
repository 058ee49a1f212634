import type { SurveyedFile } from "../../connectors/files/survey.ts"
import type { PresetName } from "../config/presets.ts"
import { PRESETS } from "../config/presets.ts"
import { KNOWN_SOURCES } from "../recognise/kinds.ts"
import type { FoundDataset } from "../recognise/recognise.ts"

export interface ConfigTextOptions {
  shopName: string
  preset: PresetName
  /** The folder of files, as the shop refers to it. */
  sourcePath: string
  datasets: readonly FoundDataset[]
  /** Those whose deliveries bring only new and changed records. */
  incremental: ReadonlySet<FoundDataset>
}

/** The `cartwright.yaml` of a new shop, with comments. */
export function configText(options: ConfigTextOptions): string {
  const { shopName, preset, datasets } = options
  const sources = [...new Set(datasets.map(({ source }) => source))]
  const currency = KNOWN_SOURCES.find(({ name }) => sources.includes(name))?.currency ?? "USD"
  const names = PRESETS[preset]
  return `# yaml-language-server: $schema=./cartwright.schema.json
# What this shop is and where its data comes from. Every key is explained in docs/configuration.md of Cartwright; paths are
# relative to this folder.

shop:
  name: ${text(shopName)}
  # Of amounts whose source names no currency.
  currency: ${currency}
  # Times are kept in UTC; this is for models that report local days.
  time_zone: UTC

sources:
${sources.map((source) => sourceText(source, options)).join("\n")}
# The names of the warehouse's datasets: default (bronze, silver, gold, gold), raw_staging_marts, ecommerce.
datasets:
  preset: ${preset} # ${names.bronze} → ${names.silver} → ${names.star} → ${names.marts}

transform:
  # embedded needs no Python; dbt runs real dbt (dbt-core with dbt-duckdb) on the same project.
  engine: embedded
  # dbt: dbt

warehouse:
  path: warehouse.duckdb
  # threads: 4
  # memory_limit: 2GB

publish:
  # Versions that stay in published/, so that readers can finish and two versions can be compared.
  keep: 5

run:
  # A full delivery that misses more records than both of these allow deletes nothing: it was probably cut short.
  delete_guard:
    rows: 100
    percent: 20
`
}

function sourceText(source: string, { sourcePath, datasets, incremental }: ConfigTextOptions): string {
  const title = KNOWN_SOURCES.find(({ name }) => name === source)?.title
  const comment =
    title ??
    "files that no built-in model knows: each has a staging model in dbt/models/staging to start from"
  const entries = datasets
    .filter((each) => each.source === source)
    .map((each) => datasetText(each, incremental.has(each)))
  return `  # ${comment}
  ${source}:
    files:
      path: ${text(sourcePath)}
      datasets:
${entries.join("")}`
}

function datasetText(
  { dataset, files, found, known, leftOut }: FoundDataset,
  isIncremental: boolean,
): string {
  const lines = [`        ${dataset}:`]
  if (leftOut !== undefined) {
    const reason = wrapped(`Left out: ${leftOut.join(" ")}`).map((line) => `          # ${line}`)
    lines.push(...reason, "          include: false")
  }
  lines.push(`          files: ${text(files)}${noteOf(found)}`)
  if (known?.key !== undefined) lines.push(`          key: [${known.key.join(", ")}]`)
  else if (known === undefined)
    lines.push("          # key: [id]   # the columns that identify a record, if there are such")
  if (isIncremental) {
    lines.push(
      "          # A delivery has few of the keys of the one before: only new and changed records.",
      "          kind: incremental",
    )
  }
  return `${lines.join("\n")}\n`
}

/** What was found out about the files, where it is out of the ordinary. */
function noteOf(found: readonly SurveyedFile[]): string {
  const [first] = found
  if (first === undefined) return ""
  const notes = [
    found.length > 1 ? `${found.length} files` : "",
    first.compression === "none" ? "" : first.compression,
    first.format === "csv" && first.encoding !== "utf-8" ? first.encoding : "",
    first.format === "csv" && first.delimiter !== ","
      ? `fields separated by ${JSON.stringify(first.delimiter)}`
      : "",
    first.problem ?? "",
  ].filter((note) => note !== "")
  return notes.length === 0 ? "" : ` # ${notes.join(", ")}`
}

/** Lines of a comment. Names of columns are part of it, and may hold anything. */
function wrapped(comment: string): string[] {
  const lines: string[] = [""]
  for (const word of comment.split(/[\s\p{C}\p{Z}]+/u)) {
    const line = lines.at(-1) ?? ""
    if (line !== "" && line.length + word.length > COMMENT_WIDTH) lines.push(word)
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`
  }
  return lines
}

const COMMENT_WIDTH = 105

/** A text as YAML, quoted where it must be. */
function text(value: string): string {
  return /^[A-Za-z0-9_./][\w./ -]*$/.test(value) &&
    !/^(?:true|false|null|yes|no|on|off|[\d.]+)$/i.test(value) &&
    !value.endsWith(" ")
    ? value
    : JSON.stringify(value)
}
