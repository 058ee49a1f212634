import { createHash } from "node:crypto"
import type { DeliveredFile, Delivery, FileFacts } from "../core/delivery.ts"
import { type Effects, throwIfInterrupted } from "../core/effects.ts"
import { CartwrightError } from "../core/errors.ts"
import { type Lake, markLake } from "./lake.ts"
import { LAKE_VERSION, type Manifest, type ManifestFile, manifestKey } from "./manifest.ts"
import { dayFolder, dayOf, extractionTime, landingId, objectNames } from "./naming.ts"

export interface Landed {
  status: "landed" | "unchanged"
  /** The landing that holds the data: the new one, or the one that already had it. */
  landing: Manifest
  /** One plain sentence. */
  reason: string
  /** Files and bytes that were moved; the landing may refer to more. */
  files: number
  bytes: number
}

/** A delivered file together with what is known of it so far. */
interface Candidate {
  file: DeliveredFile
  /** Where an earlier landing has the same bytes. */
  stored: ManifestFile | undefined
  sha256: string | undefined
  /** Its bytes had to be read for that. */
  wasRead: boolean
}

/**
 * Brings a delivery into the lake: objects first, byte for byte, then the manifest. What is known already is not moved.
 * @param known the data set's landings so far, in the order of extraction
 * @throws CartwrightError `extract` when a file is not whole or holds nothing; then nothing has landed
 */
export async function land(
  lake: Lake,
  offered: Delivery,
  known: readonly Manifest[],
  runId: string,
  effects: Effects,
): Promise<Landed> {
  const delivery = inTime(offered, known)
  let candidates = await recognise(delivery, known)
  if (delivery.kind === "incremental")
    candidates = candidates.filter((candidate) => candidate.stored === undefined)
  const same = sameAsKnown(delivery, candidates, known)
  if (same !== undefined) {
    return { status: "unchanged", landing: same.landing, reason: same.reason, files: 0, bytes: 0 }
  }
  const folder = await dayFolder(lake, delivery, known)
  const secondOfDay = known.some((landing) => dayOf(landing.asOf) === dayOf(delivery.asOf))
  let copied = secondOfDay ? undefined : await copyAll(lake, delivery, candidates, folder, effects)
  if (copied === undefined) {
    const ids: string[] = []
    for (const candidate of candidates) ids.push(await contentHash(candidate))
    copied = await copyAll(
      lake,
      delivery,
      candidates,
      `${folder}/landing=${landingId(delivery, ids)}`,
      effects,
    )
  }
  if (copied === undefined) throw new Error(`objects of another content are in the way in ${folder}`)
  const { files, moved } = copied
  const landing: Manifest = {
    lakeVersion: LAKE_VERSION,
    landingId: landingId(
      delivery,
      files.map((file) => file.sha256),
    ),
    source: delivery.source,
    dataset: delivery.dataset,
    kind: delivery.kind,
    asOf: delivery.asOf.toISOString(),
    extractedAt: extractionTime(delivery, known).toISOString(),
    landedAt: effects.now().toISOString(),
    run: runId,
    cursor: null,
    files,
  }
  const retried = known.find((each) => each.landingId === landing.landingId)
  if (retried !== undefined) {
    return {
      status: "unchanged",
      landing: retried,
      reason: "the same content landed before",
      files: 0,
      bytes: 0,
    }
  }
  await markLake(lake.storage)
  await lake.storage.writeIfAbsent(manifestKey(landing), Buffer.from(`${JSON.stringify(landing, null, 2)}\n`))
  const bytes = moved.reduce((sum, file) => sum + file.size, 0)
  return { status: "landed", landing, reason: "new content", files: moved.length, bytes }
}

/**
 * What lies in a folder now is not older than what lay there before, whatever the files' modification times: the newest
 * may have been removed, or replaced by an old copy.
 */
function inTime(delivery: Delivery, known: readonly Manifest[]): Delivery {
  const newest = known.at(-1)
  if (delivery.timeFrom !== "modification" || delivery.kind !== "full" || newest === undefined)
    return delivery
  return {
    ...delivery,
    asOf: new Date(Math.max(delivery.asOf.getTime(), Date.parse(newest.extractedAt) + 1)),
  }
}

/**
 * Finds the files whose bytes the lake has already: by name and version where these are as before, by the md5 that the
 * source tells, else by their hash where a file of the same size is known.
 */
async function recognise(delivery: Delivery, known: readonly Manifest[]): Promise<Candidate[]> {
  const stored = known.flatMap((landing) => landing.files)
  const byVersion = new Map(stored.map((file) => [`${file.name}\n${file.sourceVersion}`, file]))
  const byMd5 = new Map(stored.map((file) => [`${file.size}\n${file.sourceMd5}`, file]))
  const sizes = new Set(stored.map((file) => file.size))
  const sizesWithoutMd5 = new Set(
    stored.filter(({ sourceMd5 }) => sourceMd5 === undefined).map(({ size }) => size),
  )
  const candidates: Candidate[] = []
  for (const file of delivery.files) {
    const asNow = (match: ManifestFile): ManifestFile => ({
      ...match,
      name: file.name,
      sourceVersion: file.version,
      ...(file.md5 === undefined ? {} : { sourceMd5: file.md5 }),
    })
    const seen = byVersion.get(`${file.name}\n${file.version}`)
    const alike = file.md5 === undefined ? undefined : byMd5.get(`${file.size}\n${file.md5}`)
    if (seen !== undefined) {
      candidates.push({ file, stored: seen, sha256: seen.sha256, wasRead: false })
    } else if (alike !== undefined) {
      candidates.push({ file, stored: asNow(alike), sha256: alike.sha256, wasRead: false })
    } else if ((file.md5 === undefined ? sizes : sizesWithoutMd5).has(file.size)) {
      const sha256 = await hashOf(file.read())
      const match = stored.find((each) => each.sha256 === sha256)
      candidates.push({
        file,
        sha256,
        stored: match === undefined ? undefined : asNow(match),
        wasRead: true,
      })
    } else candidates.push({ file, stored: undefined, sha256: undefined, wasRead: false })
  }
  return candidates
}

/** The landing that makes this delivery no news, if there is one. */
function sameAsKnown(
  delivery: Delivery,
  candidates: readonly Candidate[],
  known: readonly Manifest[],
): { landing: Manifest; reason: string } | undefined {
  const newest = known.at(-1)
  if (newest === undefined) return undefined
  if (delivery.kind === "incremental") {
    return candidates.length === 0 ? { landing: newest, reason: "no new or changed file" } : undefined
  }
  if (candidates.some((candidate) => candidate.stored === undefined)) return undefined
  const id = landingId(
    delivery,
    candidates.map((candidate) => candidate.sha256 as string),
  )
  const retried = known.find((landing) => landing.landingId === id)
  if (retried !== undefined) return { landing: retried, reason: reasonOf(candidates, retried) }
  const isNewest = newest.extractedAt <= delivery.asOf.toISOString()
  const content = candidates.map((candidate) => candidate.sha256).join()
  if (
    delivery.timeFrom !== "path" &&
    isNewest &&
    newest.files.map((file) => file.sha256).join() === content
  ) {
    return { landing: newest, reason: reasonOf(candidates, newest) }
  }
  return undefined
}

function reasonOf(candidates: readonly Candidate[], landing: Manifest): string {
  const untouched = candidates.every(({ file }) =>
    landing.files.some((each) => each.name === file.name && each.sourceVersion === file.version),
  )
  const [first] = candidates
  if (untouched) return `same ${first?.file.versionIs ?? "size and modification time"} as before`
  return `same content as before (${candidates.some(({ wasRead }) => wasRead) ? "sha256" : "md5"})`
}

/**
 * Copies what is not stored yet into a folder of the lake.
 * @returns undefined when an object of another content has the place of one of the files
 */
async function copyAll(
  lake: Lake,
  delivery: Delivery,
  candidates: readonly Candidate[],
  folder: string,
  effects: Effects,
): Promise<{ files: ManifestFile[]; moved: ManifestFile[] } | undefined> {
  const names = objectNames(candidates.map((candidate) => candidate.file.name))
  const files: ManifestFile[] = []
  const moved: ManifestFile[] = []
  let anyRecords = false
  for (const [i, candidate] of candidates.entries()) {
    if (candidate.stored !== undefined) {
      files.push(candidate.stored)
      anyRecords = true
      continue
    }
    const key = `${folder}/${names[i] as string}`
    const watched = watch(candidate.file, delivery, effects)
    const occupied = (await lake.storage.stat(key)) !== undefined
    if (occupied) for await (const _ of watched.bytes());
    const written = !occupied && (await lake.storage.writeIfAbsent(key, watched.bytes()))
    const { sha256, facts } = watched.result()
    if (!written && (await hashOf(lake.storage.read(key))) !== sha256) return undefined
    const { hasRecords, ...format } = facts
    anyRecords ||= hasRecords
    const { name, size, version, md5 } = candidate.file
    const told = md5 === undefined ? {} : { sourceMd5: md5 }
    const file: ManifestFile = { key, name, size, sourceVersion: version, sha256, ...told, ...format }
    files.push(file)
    moved.push(file)
  }
  if (!anyRecords) throw holdsNothing(delivery)
  return { files, moved }
}

/** The bytes of a file, hashed and inspected on their way, in one pass. */
function watch(file: DeliveredFile, delivery: Delivery, effects: Effects) {
  const hash = createHash("sha256")
  const inspection = file.inspect()
  let facts: FileFacts | undefined
  let size = 0
  let reported = 0
  return {
    async *bytes(): AsyncIterable<Uint8Array> {
      for await (const chunk of file.read()) {
        throwIfInterrupted(effects, "What had landed before is kept; nothing half-landed counts.")
        hash.update(chunk)
        await inspection.push(chunk)
        size += chunk.length
        if (size - reported >= REPORT_BYTES) {
          reported = size
          effects.report({
            step: "extract",
            name: `${delivery.source}.${delivery.dataset}`,
            status: "progress",
            bytes: size,
          })
        }
        yield chunk
      }
      if (size !== file.size) {
        throw new CartwrightError("extract", "the file changed while it was read", {
          place: file.name,
          next: "Wait until its delivery is complete, then run the command again.",
        })
      }
      facts = await inspection.finish()
    },
    result: () => ({ sha256: hash.digest("hex"), facts: facts as FileFacts }),
  }
}

const REPORT_BYTES = 1 << 24

async function contentHash(candidate: Candidate): Promise<string> {
  candidate.sha256 ??= await hashOf(candidate.file.read())
  return candidate.sha256
}

async function hashOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256")
  for await (const chunk of bytes) hash.update(chunk)
  return hash.digest("hex")
}

function holdsNothing(delivery: Delivery): CartwrightError {
  return new CartwrightError("extract", "the delivery holds no records, only a header or an empty list", {
    place: delivery.files.map((file) => file.name).join(", "),
    next: "Have it delivered again, or leave the data set out with `include: false`.",
  })
}
