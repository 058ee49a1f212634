import { randomUUID } from "node:crypto"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import type { File } from "./client.ts"
import { statusOf } from "./cloud-errors.ts"
import { Silence } from "./silence.ts"

/** What is shorter goes in one request, whole, for which the client allows a minute. Bytes. */
const SHORT = 2 << 20

/** Longer contents go in pieces of this size, each of which can be sent again. Bytes. */
const PIECE = 8 << 20

/** Names, in an object's metadata, the attempt that wrote it. */
const ATTEMPT = "cartwright-attempt"

/**
 * Writes an object where none is. What was stored is compared by its checksum with what was sent.
 * @param told makes an error of what the client throws; what `content` throws is passed on as it is
 * @returns false where an object is
 */
export async function upload(
  file: File,
  content: AsyncIterable<Uint8Array> | Uint8Array,
  longestSilenceMs: number,
  told: (cause: unknown) => unknown,
): Promise<boolean> {
  const attempt = randomUUID()
  const source = new Source(content)
  try {
    const start = await source.take(SHORT)
    const options = {
      preconditionOpts: { ifGenerationMatch: 0 },
      validation: "md5",
      metadata: { metadata: { [ATTEMPT]: attempt } },
    } as const
    if (source.ended) await file.save(start, { ...options, resumable: false })
    else {
      const target = file.createWriteStream({ ...options, resumable: true, chunkSize: PIECE })
      const silence = new Silence(longestSilenceMs, (error) => target.destroy(error))
      target.on("progress", () => silence.interrupt())
      try {
        await pipeline(Readable.from(source.rest(start, silence), { objectMode: false }), target)
      } finally {
        silence.end()
      }
    }
    return true
  } catch (error) {
    if (source.failure !== undefined) throw source.failure.error
    if (statusOf(error) !== 412) {
      await source.close()
      throw told(error)
    }
    await source.finish()
    return await isOwn(file, attempt, told)
  }
}

/** Whether the object that is in the way was written by this attempt: its answer was lost, and the client asked again. */
async function isOwn(file: File, attempt: string, told: (cause: unknown) => unknown): Promise<boolean> {
  try {
    const [{ metadata }] = await file.getMetadata()
    return metadata?.[ATTEMPT] === attempt
  } catch (cause) {
    throw told(cause)
  }
}

/** A content that is read in two goes, and tells its own failures from those of whoever takes it. */
class Source {
  readonly #chunks: AsyncIterator<Uint8Array> | undefined
  readonly #whole: Uint8Array | undefined
  ended = false
  failure: { error: unknown } | undefined

  constructor(content: AsyncIterable<Uint8Array> | Uint8Array) {
    if (content instanceof Uint8Array) this.#whole = content
    else this.#chunks = content[Symbol.asyncIterator]()
  }

  /** The beginning: all, where it ends within so many bytes, else at least as many. */
  async take(bytes: number): Promise<Buffer> {
    if (this.#whole !== undefined) {
      this.ended = true
      return Buffer.from(this.#whole.buffer, this.#whole.byteOffset, this.#whole.byteLength)
    }
    const taken: Uint8Array[] = []
    for (let size = 0; size < bytes; ) {
      const chunk = await this.#next()
      if (chunk === undefined) break
      taken.push(chunk)
      size += chunk.length
    }
    return Buffer.concat(taken)
  }

  /** The beginning again, and what follows. */
  async *rest(start: Uint8Array, silence: Silence): AsyncIterable<Uint8Array> {
    yield start
    for (;;) {
      silence.pause()
      const chunk = await this.#next()
      silence.begin()
      if (chunk === undefined) return
      yield chunk
    }
  }

  /** Reads what is left, for nobody. */
  async finish(): Promise<void> {
    while (!this.ended) await this.#next()
  }

  async close(): Promise<void> {
    if (!this.ended) await this.#chunks?.return?.()
  }

  async #next(): Promise<Uint8Array | undefined> {
    try {
      const next = await this.#chunks?.next()
      if (next === undefined || next.done === true) {
        this.ended = true
        return undefined
      }
      return next.value
    } catch (error) {
      this.failure = { error }
      throw error
    }
  }
}
