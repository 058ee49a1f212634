import { CartwrightError } from "../../core/errors.ts"

/** A file of a source, before anything of it is read. */
export interface FoundFile {
  /** For people: an absolute path, or `gs://bucket/key`. */
  place: string
  /** Path below the source's folder, `/`-separated. */
  name: string
  size: number
  modified: Date
  version: string
  /** What `version` is made of, for people. */
  versionIs: string
  /** Hex, where the source's store keeps it. */
  md5?: string
  read(): AsyncIterable<Uint8Array>
  /** Hands out a path of this machine at which an engine can open the file for so long. */
  atPath<T>(look: (path: string) => Promise<T>): Promise<T>
}

/** Hidden files, and what lies in hidden folders, are no files of a source. */
export function isHidden(name: string): boolean {
  return name.split("/").some((part) => part.startsWith("."))
}

/** @param names some of those that are there */
export function nothingMatches(pattern: string, place: string, names: readonly string[]): CartwrightError {
  return new CartwrightError("extract", `no file matches ${pattern}`, {
    place,
    choices: names,
    next:
      names.length === 0 ? "The folder holds no files: deliver them." : "Correct `files` in cartwright.yaml.",
  })
}
