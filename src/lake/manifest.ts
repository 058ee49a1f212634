import * as z from "zod"
import { CartwrightError } from "../core/errors.ts"
import { ENCODINGS, FORMATS } from "../core/file-format.ts"

/** Raised when older programs could misread what newer ones write. */
export const LAKE_VERSION = 1

const time = z.iso.datetime()

const manifestFileSchema = z.object({
  /** The object in the lake. A file that an earlier landing brought already is referred to, not stored again. */
  key: z.string(),
  /** Its path below the source's folder. */
  name: z.string(),
  size: z.number(),
  /** The source's version of it when it was read: size and modification time on a disk, generation in a bucket. */
  sourceVersion: z.string(),
  sha256: z.string(),
  /** Hex md5, where the source told it. */
  sourceMd5: z.string().optional(),
  format: z.enum(FORMATS),
  compression: z.enum(["none", "gzip", "zstd"]),
  encoding: z.enum(ENCODINGS as [(typeof ENCODINGS)[number]]),
  delimiter: z.string(),
  quote: z.string(),
  header: z.boolean(),
  /** The header's, or those of the first records. */
  columns: z.array(z.string()),
})

/** What was received in one delivery of one data set. Immutable, written after its objects; without it nothing landed. */
const manifestSchema = z.object({
  lakeVersion: z.literal(LAKE_VERSION),
  landingId: z.string(),
  source: z.string(),
  dataset: z.string(),
  /** `partial`: a full snapshot that misses too many keys; it asserts only the keys that it holds. */
  kind: z.enum(["full", "partial", "incremental"]),
  /** UTC. The state of the source that the delivery shows is the state at this time. */
  asOf: time,
  /** UTC. As `asOf`, a millisecond later for each earlier delivery of the same `asOf`: gives landings their order. */
  extractedAt: time,
  /** UTC. When it was received. */
  landedAt: time,
  run: z.string(),
  /** Where the next read of a source with a cursor begins. Files have none. */
  cursor: z.string().nullable(),
  files: z.array(manifestFileSchema),
})

export type Manifest = z.infer<typeof manifestSchema>
export type ManifestFile = z.infer<typeof manifestFileSchema>

/** @throws CartwrightError `lake` when it was written by a newer version or is damaged */
export function parseManifest(text: string, place: string): Manifest {
  const value = parseLakeJson(text, place)
  const parsed = manifestSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new CartwrightError("lake", `the manifest is damaged: ${z.prettifyError(parsed.error)}`, {
    place,
    next: "Restore it from a backup. Nothing in a lake is to be edited by hand.",
    state: "Nothing was changed.",
  })
}

/** Parses JSON of the lake that carries a `lakeVersion`. */
export function parseLakeJson(text: string, place: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new CartwrightError("lake", "the file is no valid JSON", {
      place,
      next: "Restore it from a backup. Nothing in a lake is to be edited by hand.",
      state: "Nothing was changed.",
      cause,
    })
  }
  const version = (value as { lakeVersion?: unknown } | null)?.lakeVersion
  if (typeof version === "number" && version > LAKE_VERSION) {
    throw new CartwrightError(
      "lake",
      `the lake was written by a newer version of Cartwright (lake version ${version}; this one reads ${LAKE_VERSION})`,
      { place, next: "Upgrade Cartwright, then run the command again.", state: "Nothing was changed." },
    )
  }
  return value as Record<string, unknown>
}

/** Landings come in the order of extraction; the id decides between equals. */
export function byExtraction(a: Manifest, b: Manifest): number {
  if (a.extractedAt !== b.extractedAt) return a.extractedAt < b.extractedAt ? -1 : 1
  return a.landingId < b.landingId ? -1 : a.landingId > b.landingId ? 1 : 0
}

export function manifestKey(manifest: Manifest): string {
  const time = manifest.extractedAt.replace(/[-:.]/g, "")
  return `manifests/${manifest.source}/${manifest.dataset}/${time}-${manifest.landingId}.json`
}

/** Where it is recorded, once, how a landing is taken: when it is first loaded. */
export function kindKey(manifest: Manifest): string {
  return manifestKey(manifest).replace(/json$/, "kind.json")
}

/** Where it is recorded, once, that a person accepted something of a landing that was held. */
export function acceptanceKey(manifest: Manifest, what: string): string {
  return manifestKey(manifest).replace(/json$/, `accepted-${what}.json`)
}
