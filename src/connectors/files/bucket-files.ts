import { CartwrightError } from "../../core/errors.ts"
import { withTemporaryCopy } from "../../storage/local/temporary-copy.ts"
import type { ObjectInfo, Storage } from "../../storage/storage.ts"
import { type FoundFile, isHidden, nothingMatches } from "./found-file.ts"
import { fixedBeginning, globMatcher } from "./glob.ts"

/**
 * The objects of a bucket that a glob matches, at least one; or why there are none. Lists what begins as the glob does: a
 * request per thousand objects.
 */
export async function bucketFiles(store: Storage, pattern: string): Promise<FoundFile[] | CartwrightError> {
  const matches = globMatcher(pattern)
  const found: FoundFile[] = []
  try {
    for await (const info of store.list(fixedBeginning(pattern)))
      if (!isHidden(info.key) && matches(info.key)) found.push(foundObject(store, info))
    if (found.length > 0) return found.sort((a, b) => (a.name < b.name ? -1 : 1))
    return nothingMatches(pattern, store.uri, await someKeys(store))
  } catch (error) {
    return ofSource(error)
  }
}

function foundObject(store: Storage, { key, size, version, modified, md5 }: ObjectInfo): FoundFile {
  const place = `${store.uri}/${key}`
  const read = async function* () {
    try {
      yield* store.read(key)
    } catch (error) {
      throw ofSource(error)
    }
  }
  return {
    place,
    name: key,
    size,
    modified,
    version,
    versionIs: "generation",
    ...(md5 === undefined ? {} : { md5 }),
    read,
    async atPath(look) {
      try {
        return await withTemporaryCopy(read(), look)
      } catch (error) {
        throw error instanceof CartwrightError && error.code === "extract" ? at(place, error) : error
      }
    },
  }
}

const SHOWN = 20

async function someKeys(store: Storage): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list("")) if (!isHidden(key) && keys.push(key) === SHOWN) break
  return keys
}

/** A failure of the store, as one of the source: the other sources go on. */
function ofSource(error: unknown): CartwrightError {
  if (!(error instanceof CartwrightError)) throw error
  return at(error.place, error)
}

function at(place: string | undefined, error: CartwrightError): CartwrightError {
  const { message, choices, next } = error
  return new CartwrightError("extract", message, { place, choices, next, cause: error })
}
