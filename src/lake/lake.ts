import type * as z from "zod"
import { atOnce } from "../core/at-once.ts"
import type { LandingKind } from "../core/file-format.ts"
import type { Storage } from "../storage/storage.ts"
import {
  acceptanceKey,
  byExtraction,
  kindKey,
  LAKE_VERSION,
  type Manifest,
  parseLakeJson,
  parseManifest,
} from "./manifest.ts"
import {
  ACCEPTABLE,
  type Acceptable,
  type Acceptance,
  acceptanceSchema,
  decisionSchema,
  type LandingDecision,
} from "./records.ts"

/** What was received: immutable objects, one manifest per landing written after them, and what was decided on it. */
export interface Lake {
  readonly storage: Storage
  /** The landings of a data set (of a source, of all), each with the kind that holds, in the order of extraction. */
  landings(source?: string, dataset?: string): Promise<Landing[]>
  /** The sources that have landed a data set of this name. */
  sourcesOf(dataset: string): Promise<string[]>
  /**
   * Records, beside the manifest, how a landing is taken. The first record holds.
   * @returns the decision that holds
   */
  decide(landing: Manifest, decision: LandingDecision): Promise<LandingDecision>
  /**
   * Records, beside the manifest, that a person accepts it. The first record holds.
   * @returns whether this was the first
   */
  accept(landing: Manifest, what: Acceptable, acceptance: Acceptance): Promise<boolean>
}

/** A manifest with what was recorded beside it. */
export interface Landing extends Manifest {
  /** Undefined until its first load. */
  decided: LandingDecision | undefined
  accepted: Partial<Record<Acceptable, Acceptance>>
}

const VERSION_KEY = "lake.json"

/** Records that are read at a time: in a bucket, each takes as long as an answer does. */
const READ_AT_ONCE = 16

/**
 * Opens the lake in a store, creating nothing.
 * @throws CartwrightError `lake` when it was written by a newer version
 */
export async function openLake(storage: Storage): Promise<Lake> {
  if ((await storage.stat(VERSION_KEY)) !== undefined) {
    parseLakeJson(await readText(storage, VERSION_KEY), placeOf(storage, VERSION_KEY))
  }
  const manifests = new Map<string, Manifest>()
  const decisions = new Map<string, LandingDecision>()
  const acceptances = new Map<string, Acceptance>()
  /** Reads what was not read yet: nothing in a lake ever changes. */
  const once = async <T>(known: Map<string, T>, key: string, read: () => Promise<T>): Promise<T> => {
    const value = known.get(key) ?? (await read())
    known.set(key, value)
    return value
  }
  return {
    storage,
    async landings(source, dataset) {
      const prefix = `manifests/${source === undefined ? "" : `${source}/${dataset === undefined ? "" : `${dataset}/`}`}`
      const keys: string[] = []
      for await (const { key } of storage.list(prefix)) keys.push(key)
      const found: Manifest[] = []
      await atOnce(keys, READ_AT_ONCE, async (key) => {
        if (key.endsWith(".kind.json"))
          await once(decisions, key, () => readRecord(storage, key, decisionSchema))
        else if (/\.accepted-\w+\.json$/.test(key))
          await once(acceptances, key, () => readRecord(storage, key, acceptanceSchema))
        else if (key.endsWith(".json"))
          found.push(
            await once(manifests, key, async () =>
              parseManifest(await readText(storage, key), placeOf(storage, key)),
            ),
          )
      })
      return found.sort(byExtraction).map((manifest) => {
        const decided = decisions.get(kindKey(manifest))
        const accepted: Landing["accepted"] = {}
        for (const what of ACCEPTABLE) {
          const acceptance = acceptances.get(acceptanceKey(manifest, what))
          if (acceptance !== undefined) accepted[what] = acceptance
        }
        return { ...manifest, kind: kindOf(manifest, decided, accepted), decided, accepted }
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
    async decide(landing, decision) {
      const key = kindKey(landing)
      const written = await writeRecord(storage, key, decision)
      const holds = written ? decision : await readRecord(storage, key, decisionSchema)
      decisions.set(key, holds)
      return holds
    },
    async accept(landing, what, acceptance) {
      return writeRecord(storage, acceptanceKey(landing, what), acceptance)
    },
  }
}

/** A partial snapshot whose deletes were accepted is full, as if it had been so from the start. */
function kindOf(
  manifest: Manifest,
  decided: LandingDecision | undefined,
  accepted: Landing["accepted"],
): LandingKind {
  const kind = decided?.kind ?? manifest.kind
  return kind === "partial" && accepted.deletes !== undefined ? "full" : kind
}

/** Marks a store as a lake of this version, with the first landing. */
export async function markLake(storage: Storage): Promise<void> {
  if ((await storage.stat(VERSION_KEY)) === undefined) await writeRecord(storage, VERSION_KEY, {})
}

async function writeRecord(storage: Storage, key: string, record: object): Promise<boolean> {
  const text = `${JSON.stringify({ lakeVersion: LAKE_VERSION, ...record }, null, 2)}\n`
  return storage.writeIfAbsent(key, Buffer.from(text))
}

async function readRecord<T extends z.ZodType>(
  storage: Storage,
  key: string,
  schema: T,
): Promise<z.infer<T>> {
  return schema.parse(parseLakeJson(await readText(storage, key), placeOf(storage, key)))
}

async function readText(storage: Storage, key: string): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of storage.read(key)) chunks.push(chunk)
  return Buffer.concat(chunks).toString("utf8")
}

function placeOf(storage: Storage, key: string): string {
  return `${storage.uri}/${key}`
}
