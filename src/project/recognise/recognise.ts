import type { SurveyedFile } from "../../connectors/files/survey.ts"
import { CartwrightError } from "../../core/errors.ts"
import { snakeCase } from "./snake-case.ts"
import { globFor } from "./glob-for.ts"
import { KNOWN_DATASETS, type KnownDataset } from "./kinds.ts"

/** A data set that init found in a folder. */
export interface FoundDataset {
  source: string
  dataset: string
  /** Glob relative to the folder. */
  files: string
  found: SurveyedFile[]
  /** Absent where nobody knows the columns. */
  known: KnownDataset | undefined
  /** Why it is left out, one sentence each; absent where it belongs into the shop. */
  leftOut?: readonly string[]
}

export interface Recognised {
  datasets: FoundDataset[]
  /** Files that cannot be used, each with its problem. */
  unusable: SurveyedFile[]
}

/** The source of files that nobody recognises. */
export const OTHER_SOURCE = "files"

/**
 * Groups the files of a folder into data sets.
 * @throws CartwrightError `input` where the folder holds several dumps of one source: each is a shop of its own
 */
export function recognise(folder: string, surveyed: readonly SurveyedFile[]): Recognised {
  const unusable = surveyed.filter((file) => file.columns.length === 0)
  const usable = surveyed.filter((file) => file.columns.length > 0)
  const all = surveyed.map((file) => file.name)
  const known = new Map<KnownDataset, SurveyedFile[]>()
  const others = new Map<string, SurveyedFile[]>()
  for (const file of usable) {
    const match = KNOWN_DATASETS.find((each) => matches(each, file.columns))
    if (match !== undefined) known.set(match, [...(known.get(match) ?? []), file])
    else {
      const series = `${seriesOf(file.name)}\n${file.columns.join("\n")}`
      others.set(series, [...(others.get(series) ?? []), file])
    }
  }
  requireOneDump(folder, known)
  const datasets = KNOWN_DATASETS.flatMap((each): FoundDataset[] => {
    const found = known.get(each)
    if (found === undefined) return []
    return [
      { source: each.source, dataset: each.dataset, files: globFor(namesOf(found), all), found, known: each },
    ]
  })
  const taken = new Set<string>()
  for (const found of others.values()) {
    const dataset = freeName(nameOf(found[0]?.name ?? ""), taken)
    datasets.push({
      source: OTHER_SOURCE,
      dataset,
      files: globFor(namesOf(found), all),
      found,
      known: undefined,
    })
  }
  return { datasets, unusable: [...unusable, ...usable.filter((file) => file.problem !== undefined)] }
}

function matches(known: KnownDataset, columns: readonly string[]): boolean {
  const delivered = new Set(columns.map((column) => column.trim().toLowerCase()))
  const expected = known.columns.map((column) => column.toLowerCase())
  const optional = (known.optional ?? []).map((column) => column.toLowerCase())
  const further = [...delivered].filter((column) => !expected.includes(column) && !optional.includes(column))
  // A few further columns are a newer form of the same data set; with many it is another one.
  return expected.every((column) => delivered.has(column)) && further.length <= expected.length / 4
}

/** One data set in several folders, which no date tells apart, is several dumps. */
function requireOneDump(folder: string, known: ReadonlyMap<KnownDataset, SurveyedFile[]>): void {
  for (const [{ source, dataset }, files] of known) {
    const folders = [...new Set(files.map((file) => dumpOf(file.name)))]
    if (folders.length < 2) continue
    throw new CartwrightError(
      "input",
      `the folder holds ${folders.length} dumps of ${source}: ${dataset} is in each of them`,
      {
        place: folder,
        choices: folders.map((each) => `${folder}/${each}`),
        next: "Each dump is a shop of its own, because the ids of one do not fit the other: name one of these folders.",
        state: "Nothing was written.",
      },
    )
  }
}

/** The folder of a file without the parts that only tell date, data set or part. */
function dumpOf(name: string): string {
  const parts = name.split("/").slice(0, -1)
  return parts
    .filter(
      (part) =>
        !/^[a-z_]+=|^\d[\d-]*$/i.test(part) && !KNOWN_DATASETS.some(({ dataset }) => part === dataset),
    )
    .join("/")
}

/** Files of one series differ in numbers only: `orders-2025.csv`, `orders-2026.csv`, `part-0001.parquet`. */
function seriesOf(name: string): string {
  return name.toLowerCase().replace(/\d+/g, "#")
}

/** A data set's name from a file's: `Sales 2026-01.csv.gz` → `sales`; the folder's where the file has only a number. */
function nameOf(file: string): string {
  const parts = file.split("/")
  const stem = (parts.pop() ?? "").replace(
    /(?:\.(?:csv|tsv|txt|json|ndjson|jsonl|parquet|pq|snappy|gz|gzip|zst|zstd))+$/i,
    "",
  )
  const folder = parts
    .filter((part) => !part.startsWith("date="))
    .pop()
    ?.replace(/^dataset_name=/, "")
  const plain = cleaned(stem)
  return plain === "" || /^(?:part|data|file|export)$/.test(plain)
    ? cleaned(folder ?? "") || plain || "data"
    : plain
}

function cleaned(text: string): string {
  const snake = snakeCase(text)
    .replace(/(?:^|_)\d+(?=_|$)/g, "_")
    .replace(/_+/g, "_")
    .replace(/^_|_$/g, "")
  return snake === "" || /^[a-z]/.test(snake) ? snake.slice(0, 50).replace(/_$/, "") : `t_${snake}`
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted
  for (let i = 2; taken.has(name); i++) name = `${wanted}_${i}`
  taken.add(name)
  return name
}

function namesOf(files: readonly SurveyedFile[]): string[] {
  return files.map((file) => file.name)
}
