import { CartwrightError, messageOf, withoutSecrets } from "../../core/errors.ts"
import { parseBucketUri } from "../bucket-uri.ts"
import { checkKey, type ObjectInfo, type Storage } from "../storage.ts"
import type { Bucket, GoogleAccess } from "./client.ts"
import { cloudError, type Doing, statusOf } from "./cloud-errors.ts"
import { download } from "./download.ts"
import { upload } from "./upload.ts"

export interface BucketOptions extends GoogleAccess {
  /** `gs://bucket` or `gs://bucket/prefix`. */
  uri: string
  /** Objects per request for a list. @defaultValue 1000, the service's most */
  pageSize?: number
  /**
   * Where nothing has come for so long, a read is taken up again; a write, within which the client may pause to repeat a request,
   * is given up after six times as long. @defaultValue 30 s
   */
  longestSilenceMs?: number
}

/** A store of which objects can be removed: what lies in a bucket for a while. Nothing of a lake ever is. */
export interface BucketStorage extends Storage {
  /**
   * Writes a short object if it is as it was seen.
   * @param seen its version; undefined for none
   * @returns its version now; undefined where it is another by now, and stays
   */
  replace(key: string, content: string, seen: string | undefined): Promise<string | undefined>
  /** Removes an object, or only that version of it; where there is none, nothing happens. */
  remove(key: string, version?: string): Promise<void>
}

/**
 * A bucket of Google Cloud Storage, or what lies below a prefix in it, as a store. Asks the service for nothing yet.
 *
 * Requests: a list takes one per 1,000 objects; a look or a read one; a write one, or for more than 2 MiB one and another
 * per 8 MiB. Memory: some pieces of 8 MiB.
 * @throws CartwrightError `config` where the address is no such
 */
export async function gcsStorage({
  uri,
  endpoint,
  keyFile,
  pageSize = 1000,
  longestSilenceMs = 30_000,
}: BucketOptions): Promise<BucketStorage> {
  const place = parseBucketUri(uri)
  if (place === undefined) {
    throw new CartwrightError("config", `"${uri}" is no place in Google Cloud Storage`, {
      next: "Write gs://bucket or gs://bucket/prefix.",
      state: "Nothing was changed.",
    })
  }
  const { googleClient } = await import("./client.ts")
  const bucket = googleClient({ endpoint, keyFile }).bucket(place.bucket)
  const beginning = place.prefix === "" ? "" : `${place.prefix}/`
  const nameOf = (key: string) => `${beginning}${checkKey(key)}`
  const placeOf = (key: string) => `gs://${place.bucket}/${beginning}${key}`
  const failed = (doing: Doing, key: string, cause: unknown) =>
    cause instanceof CartwrightError ? cause : cloudError(doing, placeOf(key), place.bucket, cause)
  return {
    uri: place.prefix === "" ? `gs://${place.bucket}` : `gs://${place.bucket}/${place.prefix}`,
    async *list(prefix) {
      try {
        for await (const { name, ...described } of objectsBelow(bucket, `${beginning}${prefix}`, pageSize)) {
          // What the console shows as an empty folder is an object whose name ends with a slash.
          if (!name.endsWith("/")) yield infoOf(name.slice(beginning.length), described)
        }
      } catch (cause) {
        throw failed("listing", prefix, cause)
      }
    },
    async stat(key) {
      const file = bucket.file(nameOf(key))
      try {
        const [described] = await file.getMetadata()
        return infoOf(key, described)
      } catch (cause) {
        if (statusOf(cause) === 404 && !isBucketMissing(cause)) return undefined
        throw failed("looking at", key, cause)
      }
    },
    async *read(key) {
      const name = nameOf(key)
      try {
        yield* download(bucket, name, placeOf(key), longestSilenceMs)
      } catch (cause) {
        if (statusOf(cause) !== 404 || isBucketMissing(cause)) throw failed("reading", key, cause)
        throw new CartwrightError("lake", "there is no such object", {
          place: placeOf(key),
          cause: withoutSecrets(cause),
        })
      }
    },
    async writeIfAbsent(key, content) {
      const file = bucket.file(nameOf(key))
      return upload(file, content, 6 * longestSilenceMs, (cause) => failed("writing", key, cause))
    },
    async replace(key, content, seen = "0") {
      const file = bucket.file(nameOf(key))
      try {
        await file.save(content, { resumable: false, preconditionOpts: { ifGenerationMatch: seen } })
        return String(file.metadata.generation)
      } catch (cause) {
        if (statusOf(cause) === 412) return undefined
        throw failed("writing", key, cause)
      }
    },
    async remove(key, version) {
      const only = version === undefined ? {} : { ifGenerationMatch: version }
      try {
        await bucket.file(nameOf(key)).delete({ ignoreNotFound: true, ...only })
      } catch (cause) {
        if (version === undefined || statusOf(cause) !== 412) throw failed("removing", key, cause)
      }
    },
  }
}

/** What the service says of an object, as far as it is asked for here. */
interface Described {
  size?: string | number
  generation?: string | number
  /** Base64; a composed object has none. */
  md5Hash?: string
  /** Base64. */
  crc32c?: string
  updated?: string
}

const FIELDS = "items(name,size,generation,md5Hash,crc32c,updated),nextPageToken"

async function* objectsBelow(
  bucket: Bucket,
  prefix: string,
  pageSize: number,
): AsyncIterable<Described & { name: string }> {
  let pageToken: string | undefined
  do {
    const [, , answer] = await bucket.getFiles({
      prefix,
      maxResults: pageSize,
      fields: FIELDS,
      autoPaginate: false,
      ...(pageToken === undefined ? {} : { pageToken }),
    })
    const { items = [], nextPageToken } = answer as {
      items?: (Described & { name: string })[]
      nextPageToken?: string
    }
    yield* items
    pageToken = nextPageToken
  } while (pageToken !== undefined && pageToken !== "")
}

function infoOf(key: string, { size, generation, md5Hash, crc32c, updated }: Described): ObjectInfo {
  return {
    key,
    size: Number(size),
    version: String(generation),
    modified: new Date(updated ?? 0),
    ...(md5Hash === undefined ? {} : { md5: hexOf(md5Hash) }),
    ...(crc32c === undefined ? {} : { crc32c: hexOf(crc32c) }),
  }
}

function hexOf(base64: string): string {
  return Buffer.from(base64, "base64").toString("hex")
}

/** An object and its bucket can both be missing, with the same status. */
function isBucketMissing(cause: unknown): boolean {
  return /bucket does not exist/i.test(messageOf(cause))
}
