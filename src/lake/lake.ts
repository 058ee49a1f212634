import { z } from "zod"
import type { Storage } from "../storage/storage.ts"
import {
  byExtraction,
  kindKey,
  LAKE_VERSION,
  type Manifest,
  parseLakeJson,
  parseManifest,
} from "./manifest.ts"

/** What was received: immutable objects, and one manifest per landing written after them. */
export interface Lake {
  readonly storage: Storage
  /** The landings of a data set (of a source, of all), each with the kind that holds, in the order of extraction. */
  landings(source?: string, dataset?: string): Promise<Landing[]>
  /** The sources that have landed a data set of this name. */
  sourcesOf(dataset: string): Promise<string[]>
  /**
   * Records, beside the manifest, whether a full snapshot is taken as full or as partial. The first record holds.
   * @returns the kind that holds
   */
  decideKind(landing: Manifest, decision: KindDecision): Promise<"full" | "partial">
}

/** A manifest with what was recorded beside it. */
export interface Landing extends Manifest {
  /** For full snapshots: whether `kind` has been decided. It is never decided again. */
  kindDecided: boolean
}

const decisionSchema = z.object({
  kind: z.enum(["full", "partial"]),
  /** Keys of the predecessor that the snapshot does not hold, and all keys of the predecessor. */
  missing: z.number(),
  of: z.number(),
  /** How many were allowed to be missing. */
  allowed: z.number(),
  decidedAt: z.iso.datetime(),
})
export type KindDecision = z.infer<typeof decisionSchema>

const VERSION_KEY = "lake.json"

/**
 * Opens the lake in a store, creating nothing.
 * @throws CartwrightError `lake` when it was written by a newer version
 */
export async function openLake(storage: Storage): Promise<Lake> {
  if ((await storage.stat(VERSION_KEY)) !== undefined) {
    parseLakeJson(await readText(storage, VERSION_KEY), placeOf(storage, VERSION_KEY))
  }
  const manifests = new Map<string, Manifest>()
  const kinds = new Map<string, "full" | "partial">()
  return {
    storage,
    async landings(source, dataset) {
      const prefix = `manifests/${source === undefined ? "" : `${source}/${dataset === undefined ? "" : `${dataset}/`}`}`
      const found: Manifest[] = []
      for await (const { key } of storage.list(prefix)) {
        if (key.endsWith(".kind.json")) {
          if (!kinds.has(key)) kinds.set(key, (await readDecision(storage, key)).kind)
        } else if (key.endsWith(".json")) {
          let manifest = manifests.get(key)
          if (manifest === undefined) {
            manifest = parseManifest(await readText(storage, key), placeOf(storage, key))
            manifests.set(key, manifest)
          }
          found.push(manifest)
        }
      }
      return found.sort(byExtraction).map((manifest) => {
        const decided = kinds.get(kindKey(manifest))
        return { ...manifest, kind: decided ?? manifest.kind, kindDecided: decided !== undefined }
      })
    },
    async sourcesOf(dataset) {
      const sources = new Set<string>()
      for await (const { key } of storage.list("manifests/")) {
        const [, source, name] = key.split("/")
        if (name === dataset) sources.add(source as string)
      }
      return [...sources]
    },
    async decideKind(landing, decision) {
      const key = kindKey(landing)
      const text = `${JSON.stringify({ lakeVersion: LAKE_VERSION, ...decision }, null, 2)}\n`
      const written = await storage.writeIfAbsent(key, Buffer.from(text))
      const kind = written ? decision.kind : (await readDecision(storage, key)).kind
      kinds.set(key, kind)
      return kind
    },
  }
}

/** Marks a store as a lake of this version, with the first landing. */
export async function markLake(storage: Storage): Promise<void> {
  const text = `${JSON.stringify({ lakeVersion: LAKE_VERSION }, null, 2)}\n`
  if ((await storage.stat(VERSION_KEY)) === undefined)
    await storage.writeIfAbsent(VERSION_KEY, Buffer.from(text))
}

async function readDecision(storage: Storage, key: string): Promise<KindDecision> {
  return decisionSchema.parse(parseLakeJson(await readText(storage, key), placeOf(storage, key)))
}

async function readText(storage: Storage, key: string): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of storage.read(key)) chunks.push(chunk)
  return Buffer.concat(chunks).toString("utf8")
}

function placeOf(storage: Storage, key: string): string {
  return `${storage.uri}/${key}`
}
