import { createHash } from "node:crypto"
import { mkdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { isMissing } from "./local/system-errors.ts"
import { replaceFile } from "./local/whole-file.ts"
import type { Storage } from "./storage.ts"

/**
 * A store of which short objects that never change are kept on this machine once they were read, so that they cost one request
 * ever. What was listed or looked at under another version since is read again.
 * @param folder where they are kept; it may be removed at any time
 * @param keeps which keys are kept
 */
export function remembered(store: Storage, folder: string, keeps: (key: string) => boolean): Storage {
  const versions = new Map<string, string>()
  const pathOf = (key: string, version: string) =>
    join(folder, createHash("sha256").update(`${key}\n${version}`).digest("hex").slice(0, 40))
  return {
    ...store,
    async *list(prefix) {
      for await (const info of store.list(prefix)) {
        versions.set(info.key, info.version)
        yield info
      }
    },
    async stat(key) {
      const info = await store.stat(key)
      if (info !== undefined) versions.set(key, info.version)
      return info
    },
    async *read(key) {
      const version = versions.get(key)
      if (version === undefined || !keeps(key)) {
        yield* store.read(key)
        return
      }
      const path = pathOf(key, version)
      const kept = readKept(path)
      if (kept !== undefined) {
        yield kept
        return
      }
      const chunks: Uint8Array[] = []
      for await (const chunk of store.read(key)) chunks.push(chunk)
      const content = Buffer.concat(chunks)
      mkdirSync(folder, { recursive: true })
      replaceFile(path, content.toString("utf8"))
      yield content
    },
  }
}

function readKept(path: string): Buffer | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
