import { createGunzip, type Gunzip } from "node:zlib"
import { Decompress } from "fzstd"
import { CartwrightError, messageOf } from "../../core/errors.ts"
import type { FileFormat } from "../../core/file-format.ts"

/** Takes compressed bytes chunk by chunk and hands on what they hold. */
export interface Decompressor {
  push(chunk: Uint8Array): Promise<void>
  /** @throws CartwrightError `extract` when the compressed stream is not complete */
  finish(): Promise<void>
}

export function decompressor(
  compression: FileFormat["compression"],
  onData: (chunk: Uint8Array) => void,
): Decompressor {
  if (compression === "gzip") return new GzipDecompressor(onData)
  if (compression === "zstd") return new ZstdDecompressor(onData)
  return { push: async (chunk) => onData(chunk), finish: async () => {} }
}

/** The decompressed bytes of a stream. Memory: a few chunks. */
export async function* decompress(
  bytes: AsyncIterable<Uint8Array>,
  compression: FileFormat["compression"],
): AsyncIterable<Uint8Array> {
  if (compression === "none") {
    yield* bytes
    return
  }
  let ready: Uint8Array[] = []
  const machine = decompressor(compression, (chunk) => ready.push(chunk))
  for await (const chunk of bytes) {
    await machine.push(chunk)
    const now = ready
    ready = []
    yield* now
  }
  await machine.finish()
  yield* ready
}

class GzipDecompressor implements Decompressor {
  readonly #gunzip: Gunzip = createGunzip({ chunkSize: 1 << 18 })
  readonly #ended: Promise<void>
  #failure: Error | undefined

  constructor(onData: (chunk: Uint8Array) => void) {
    this.#ended = new Promise((resolve) => {
      this.#gunzip.on("data", onData)
      this.#gunzip.on("end", resolve)
      this.#gunzip.on("error", (error) => {
        this.#failure = error
        resolve()
      })
    })
  }

  async push(chunk: Uint8Array): Promise<void> {
    if (this.#failure === undefined) {
      await Promise.race([
        new Promise<void>((resolve) => this.#gunzip.write(chunk, () => resolve())),
        this.#ended,
      ])
    }
    if (this.#failure !== undefined) throw brokenStream("gzip", this.#failure)
  }

  async finish(): Promise<void> {
    if (this.#failure === undefined) {
      this.#gunzip.end()
      await this.#ended
    }
    if (this.#failure !== undefined) throw brokenStream("gzip", this.#failure)
  }
}

class ZstdDecompressor implements Decompressor {
  readonly #machine: Decompress

  constructor(onData: (chunk: Uint8Array) => void) {
    this.#machine = new Decompress((chunk) => {
      if (chunk.length > 0) onData(chunk)
    })
  }

  async push(chunk: Uint8Array): Promise<void> {
    try {
      this.#machine.push(chunk)
    } catch (error) {
      throw brokenStream("zstd", error)
    }
  }

  async finish(): Promise<void> {
    try {
      this.#machine.push(new Uint8Array(0), true)
    } catch (error) {
      throw brokenStream("zstd", error)
    }
  }
}

function brokenStream(kind: string, cause: unknown): CartwrightError {
  const truncated = /unexpected end|unexpected eof/i.test(messageOf(cause))
  return new CartwrightError(
    "extract",
    truncated
      ? `the file is truncated: its ${kind} stream ends in the middle`
      : `the file is damaged: its ${kind} stream cannot be decompressed (${messageOf(cause)})`,
    { next: "Have the file delivered again, complete.", cause },
  )
}
