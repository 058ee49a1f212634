import { existsSync, statSync } from "node:fs"
import { basename, dirname, join, resolve } from "node:path"
import type { SourceDeclaration } from "../../connectors/files/declaration.ts"
import { globMatcher } from "../../connectors/files/glob.ts"
import { surveyFolder } from "../../connectors/files/survey.ts"
import { CartwrightError, nearest } from "../../core/errors.ts"
import { isBucketUri } from "../../storage/bucket-uri.ts"
import { recognise } from "../recognise/recognise.ts"
import { findShop } from "../find-shop.ts"
import { openShop, type Shop } from "../shop.ts"
import { sourcePathError } from "../source-paths.ts"

/** What is to be profiled: data sets of one or more sources, declared as for loading them. */
export interface Subject {
  /** For people. */
  title: string
  sources: SourceDeclaration[]
  /** Data sets, in the order of the report. */
  datasets: { source: string; dataset: string }[]
  /** Files that no data set holds, each with its problem. */
  unusable: { file: string; problem: string }[]
  shop: Shop | undefined
}

/**
 * Finds out what a person means: a source (or `source.dataset`) of the shop, else a folder, file or glob.
 * @param asked absent: all sources of the shop
 * @throws CartwrightError `usage` or `input` where it is neither
 */
export async function subjectOf(
  asked: string | undefined,
  shopFolder: string | undefined,
  workingDirectory: string,
): Promise<Subject> {
  const inShop = shopFolder !== undefined || asked === undefined || findShop(workingDirectory) !== undefined
  const shop = inShop ? openShop(shopFolder, workingDirectory) : undefined
  const ofShop = shop === undefined ? undefined : sourceSubject(shop, asked)
  if (ofShop !== undefined) return ofShop
  if (asked === undefined) throw new Error("a shop without sources")
  if (isBucketUri(asked)) throw bucketNotDeclared(asked)
  const path = resolve(workingDirectory, asked)
  if (existsSync(path)) {
    const subject = statSync(path).isDirectory()
      ? await pathSubject(asked, path, () => true)
      : await pathSubject(asked, dirname(path), (name) => name === basename(path))
    if (holdsFiles(subject)) return subject
    throw new CartwrightError("input", "the folder holds no files", {
      place: path,
      next: "Name a folder of CSV, NDJSON, JSON or Parquet files (plain, gzip or zstd).",
      state: "Nothing was written.",
    })
  }
  if (/[*?[{]/.test(asked)) return globSubject(asked, path)
  throw notFound(asked, path, shop)
}

function bucketNotDeclared(asked: string): CartwrightError {
  return new CartwrightError("unsupported", "a bucket can be profiled only as a source of a shop", {
    place: asked,
    next: "Name a source whose path in cartwright.yaml is in the bucket, or copy some files: `gcloud storage cp`.",
    state: "Nothing was written.",
  })
}

/** A source or data set of a shop, those that are left out too: their profile may tell another thing by now. */
function sourceSubject(shop: Shop, asked: string | undefined): Subject | undefined {
  const datasets = shop.sources.flatMap(({ name: source, files }) =>
    Object.keys(files.datasets).map((dataset) => ({ source, dataset })),
  )
  const chosen = datasets.filter(
    ({ source, dataset }) => asked === undefined || asked === source || asked === `${source}.${dataset}`,
  )
  if (chosen.length === 0) return undefined
  for (const { source } of chosen) {
    const missing = sourcePathError(shop, source)
    if (missing !== undefined) throw missing
  }
  const title = asked ?? shop.config.shop.name
  return { title, sources: shop.sources, datasets: chosen, unusable: [], shop }
}

async function globSubject(asked: string, path: string): Promise<Subject> {
  const fixed = path.slice(0, path.search(/[*?[{]/))
  const folder = fixed.slice(0, fixed.lastIndexOf("/")) || "/"
  const matches = globMatcher(path.slice(folder === "/" ? 1 : folder.length + 1))
  const subject = await pathSubject(asked, folder, matches)
  if (holdsFiles(subject)) return subject
  throw new CartwrightError("input", `no file matches ${asked}`, {
    place: folder,
    next: "Name a folder, a file, or a glob in quotes: cartwright profile 'exports/**/*.csv'.",
    state: "Nothing was written.",
  })
}

function holdsFiles({ datasets, unusable }: Subject): boolean {
  return datasets.length > 0 || unusable.length > 0
}

async function pathSubject(
  asked: string,
  folder: string,
  matches: (name: string) => boolean,
): Promise<Subject> {
  const surveyed = await surveyFolder(folder, {}, matches)
  const { datasets, unusable } = recognise(folder, surveyed)
  // A file with a header and no records is a table, though an empty one.
  const held = new Set(datasets.flatMap(({ found }) => found.map(({ path }) => path)))
  const sources = new Map<string, SourceDeclaration>()
  for (const { source, dataset, files } of datasets) {
    const declared = sources.get(source) ?? { name: source, files: { path: folder, datasets: {} } }
    declared.files.datasets[dataset] = { files }
    sources.set(source, declared)
  }
  return {
    title: asked,
    sources: [...sources.values()],
    datasets: datasets.map(({ source, dataset }) => ({ source, dataset })),
    unusable: unusable
      .filter(({ path }) => !held.has(path))
      .map(({ name, problem }) => ({ file: join(folder, name), problem: problem ?? "it has no columns" })),
    shop: undefined,
  }
}

function notFound(asked: string, path: string, shop: Shop | undefined): CartwrightError {
  const names = (shop?.sources ?? []).flatMap(({ name, files }) => [
    name,
    ...Object.keys(files.datasets).map((dataset) => `${name}.${dataset}`),
  ])
  const near = nearest(asked, names)
  const hint = near === undefined ? "" : `; did you mean ${near}?`
  const offence =
    shop === undefined
      ? `there is no file or folder ${asked}`
      : `${asked} is no source of this shop and no file or folder${hint}`
  return new CartwrightError("input", offence, {
    place: path,
    choices: names,
    next: "Name a folder, a file, a glob in quotes, or a source of the shop: cartwright profile path/to/files.",
    state: "Nothing was written.",
  })
}
