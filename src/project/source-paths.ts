import { existsSync, readdirSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { isUnfinished, UNFINISHED } from "../connectors/files/unfinished.ts"
import { CartwrightError, nearest } from "../core/errors.ts"
import { isBucketUri } from "../storage/bucket-uri.ts"
import type { Shop } from "./shop.ts"

/**
 * What is wrong with the folder of a source, with the line of `cartwright.yaml` that names it; undefined if it is sound. A bucket
 * is looked at when it is listed.
 */
export function sourcePathError(shop: Shop, source: string): CartwrightError | undefined {
  const path = shop.sources.find(({ name }) => name === source)?.files.path
  if (path === undefined || isBucketUri(path)) return undefined
  if (existsSync(path) && statSync(path).isDirectory())
    return isUnfinished(path) ? unfinished(path) : undefined
  const { line, column } = shop.placeOf(["sources", source, "files", "path"])
  const parent = nearestFolder(dirname(path))
  const choices = foldersIn(parent)
  const name = path.slice(parent.length + 1).split("/")[0] ?? ""
  const near = nearest(name, choices)
  const what = existsSync(path) ? "is a file, not a folder" : "does not exist"
  return new CartwrightError(
    "config",
    `the folder of the source ${source} ${what}: ${path}${near === undefined ? "" : `; did you mean "${near}"?`}`,
    {
      place: `${shop.configFile}:${line}:${column}`,
      choices: choices.slice(0, 20).map((choice) => `${parent}/${choice}`),
      next: `Correct sources.${source}.files.path; a relative path begins at ${shop.folder}.`,
    },
  )
}

function unfinished(path: string): CartwrightError {
  return new CartwrightError(
    "extract",
    "the source's files are being written, or writing them was broken off",
    {
      place: join(path, UNFINISHED),
      next: "Wait until they are complete, or have them written again; then run the command again.",
      state: "Nothing of this source landed; what landed before stays.",
    },
  )
}

function nearestFolder(path: string): string {
  return existsSync(path) && statSync(path).isDirectory()
    ? path
    : path === dirname(path)
      ? path
      : nearestFolder(dirname(path))
}

function foldersIn(path: string): string[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true })
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map((entry) => entry.name)
  } catch {
    return []
  }
}
