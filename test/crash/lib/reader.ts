import { existsSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import type { PublishedVersion } from "../../../src/publish/version.ts"
import { openDuckDb } from "../../../src/warehouse/duckdb/duckdb-warehouse.ts"
import { differences, type Facts, versionFacts } from "./facts.ts"

export interface Reader {
  /** How often it looked. */
  reads: number
  /** What it saw that it should not have seen. */
  faults: string[]
  stop(): Promise<void>
}

/**
 * Reads the published version again and again while runs come and go: follows the pointer, reads every table of the
 * version that it names and holds it against the contents that a version may have.
 */
export function startReader(shop: string, allowed: readonly Facts[]): Reader {
  const published = join(shop, "published")
  const seen = new Map<string, string>()
  const reader: Reader = { reads: 0, faults: [], stop: async () => {} }
  const stop = new AbortController()
  const look = async (): Promise<void> => {
    const warehouse = await openDuckDb({ path: ":memory:", threads: 1 })
    try {
      const session = await warehouse.session()
      while (!stop.signal.aborted) {
        await wait(30)
        if (!existsSync(join(published, "current"))) {
          if (seen.size > 0) reader.faults.push("the pointer is gone")
          continue
        }
        const version = readFileSync(join(published, "current"), "utf8").trim()
        try {
          const stamp = stampOf(published, version)
          const before = seen.get(version)
          if (before !== undefined && before !== stamp)
            reader.faults.push(`${version} changed after it was published`)
          if (before === undefined) {
            const facts = await versionFacts(session, published, version)
            const nearest = allowed
              .map((each) => differences(facts, each))
              .sort((a, b) => a.length - b.length)[0]
            if (nearest === undefined || nearest.length > 0)
              reader.faults.push(`${version} is of no state of the shop: ${nearest?.join("; ")}`)
          }
          seen.set(version, stamp)
          reader.reads++
        } catch (error) {
          reader.faults.push(`reading ${version}: ${String(error)}`)
        }
      }
    } finally {
      await warehouse.close()
    }
  }
  const done = look()
  reader.stop = async () => {
    stop.abort()
    await done
  }
  return reader
}

/** Names, sizes and times of a version's files. @throws when one is not there */
function stampOf(published: string, version: string): string {
  const description = readFileSync(join(published, version, "_version.json"), "utf8")
  const { tables } = JSON.parse(description) as PublishedVersion
  const files = Object.values(tables).flatMap(({ partitions }) =>
    Object.values(partitions).flatMap((partition) => partition.files),
  )
  return files
    .map(({ path, bytes }) => {
      const { size, mtimeMs } = statSync(join(published, version, path))
      if (size !== bytes) throw new Error(`${path} has ${size} bytes in place of ${bytes}`)
      return `${path} ${size} ${mtimeMs}`
    })
    .join("\n")
}
