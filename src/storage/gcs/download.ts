import { createHash } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { CartwrightError } from "../../core/errors.ts"
import type { Bucket } from "./client.ts"
import { isTransient } from "./cloud-errors.ts"
import { Silence } from "./silence.ts"

/** So often a broken connection is taken up again without a byte having come meanwhile. */
const ATTEMPTS = 4
const FIRST_PAUSE_MS = 500

/**
 * An object's bytes as they are stored: what is marked as gzip stays gzip. Where the connection breaks, reading goes on at the
 * same byte of the same generation. The end proves them by the object's checksum.
 * @throws the client's error; CartwrightError `environment` where the bytes are not those that were stored
 */
export async function* download(
  bucket: Bucket,
  name: string,
  place: string,
  longestSilenceMs: number,
): AsyncIterable<Uint8Array> {
  const { CRC32C } = await import("./client.ts")
  const md5 = createHash("md5")
  let crc32c: InstanceType<typeof CRC32C> | undefined
  let stored: Stored | undefined
  let offset = 0
  for (let failures = 0; ; ) {
    const file = bucket.file(name, stored === undefined ? {} : { generation: stored.generation })
    const from = offset > 0 ? { start: offset } : {}
    const stream = file.createReadStream({ validation: false, decompress: false, ...from })
    stream.once("response", (response: { headers: Record<string, string | undefined> }) => {
      stored ??= storedOf(response.headers)
    })
    const silence = new Silence(longestSilenceMs, (error) => stream.destroy(error))
    try {
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        silence.pause()
        // A composed object has no md5.
        if (stored?.md5 === undefined) (crc32c ??= new CRC32C()).update(Buffer.from(chunk))
        else md5.update(chunk)
        offset += chunk.length
        failures = 0
        yield chunk
        silence.begin()
      }
      if (stored?.size === undefined || offset >= stored.size) break
      throw new Error("premature close")
    } catch (error) {
      if (stored === undefined || !isTransient(error) || ++failures > ATTEMPTS) throw error
      if (offset === stored.size) break
      await sleep(FIRST_PAUSE_MS * 2 ** (failures - 1))
    } finally {
      silence.end()
    }
  }
  const expected = stored?.md5 ?? stored?.crc32c
  const found = stored?.md5 === undefined ? crc32c?.toString() : md5.digest("base64")
  if (expected === undefined || offset === 0 || expected === found) return
  throw new CartwrightError(
    "environment",
    "the bytes that arrived are not those that were stored (checksum)",
    {
      place,
      next: "Run the command again.",
      state: "Nothing of them was used.",
    },
  )
}

/** What the first answer tells of the object. */
interface Stored {
  generation: string
  size: number | undefined
  /** Base64. */
  md5: string | undefined
  /** Base64. */
  crc32c: string | undefined
}

function storedOf(headers: Record<string, string | undefined>): Stored {
  const hashes = headers["x-goog-hash"] ?? ""
  const size = headers["x-goog-stored-content-length"]
  return {
    generation: headers["x-goog-generation"] ?? "",
    size: size === undefined ? undefined : Number(size),
    md5: /md5=([^,\s]+)/.exec(hashes)?.[1],
    crc32c: /crc32c=([^,\s]+)/.exec(hashes)?.[1],
  }
}
