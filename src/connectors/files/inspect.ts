import type { FileFacts, Inspection } from "../../core/delivery.ts"
import { parseRecord } from "../../core/csv.ts"
import { CartwrightError } from "../../core/errors.ts"
import type { Encoding, FileFormat } from "../../core/file-format.ts"
import { type Decompressor, decompressor } from "../../storage/codec/decompress.ts"
import { decodeText } from "../../storage/codec/decode.ts"
import { EncodingWatch } from "./encoding-watch.ts"
import { describeParquet, requireWholeJson } from "./engine-look.ts"
import { isParquet, sniffCompression, sniffText, type SniffedText, type StatedFormat } from "./sniff.ts"

type AtPath = <T>(look: (path: string) => Promise<T>) => Promise<T>

const HEAD_BYTES = 1 << 18
const TAIL_BYTES = 1 << 16

/**
 * Watches a file being copied: finds out how it is to be read, and proves that it is whole: a complete gzip or zstd
 * stream, a Parquet footer, a complete last record.
 * @param place where the file is, for errors
 * @param atPath hands out a path at which an engine can open the file: for a Parquet footer, and to prove JSON whole
 */
export function inspectFile(
  place: string,
  stated: StatedFormat,
  atPath: AtPath = (look) => look(place),
): Inspection {
  let raw: Buffer = Buffer.alloc(0)
  let machine: Decompressor | undefined
  let compression: FileFormat["compression"] = "none"
  let parquet = false
  const content = new ContentWatch()

  const begin = async () => {
    compression = sniffCompression(raw)
    parquet = compression === "none" && isParquet(raw)
    machine = decompressor(compression, (chunk) => content.push(chunk))
    if (!parquet) await machine.push(raw)
  }
  return {
    async push(chunk) {
      try {
        if (machine !== undefined) {
          if (!parquet) await machine.push(chunk)
          return
        }
        raw = Buffer.concat([raw, chunk])
        if (raw.length >= 16) await begin()
      } catch (error) {
        throw at(place, error)
      }
    },
    async finish() {
      try {
        if (machine === undefined) await begin()
        if (parquet) return await parquetFacts(atPath, stated)
        await machine?.finish()
        const facts = { ...content.facts(stated), compression }
        if (facts.format === "json" && facts.encoding === "utf-8")
          await atPath((path) => requireWholeJson(path, compression))
        return facts
      } catch (error) {
        throw at(place, error)
      }
    },
  }
}

/** Beginning, end, size and encoding of a decompressed text. */
class ContentWatch {
  #head: Buffer[] = []
  #headBytes = 0
  #tail: Buffer = Buffer.alloc(0)
  #size = 0
  readonly #encoding = new EncodingWatch()

  push(chunk: Uint8Array): void {
    if (this.#headBytes < HEAD_BYTES) {
      const part = Buffer.from(chunk.subarray(0, HEAD_BYTES - this.#headBytes))
      this.#head.push(part)
      this.#headBytes += part.length
    }
    this.#size += chunk.length
    this.#tail =
      chunk.length >= TAIL_BYTES
        ? Buffer.from(chunk.subarray(chunk.length - TAIL_BYTES))
        : Buffer.concat([this.#tail, chunk]).subarray(-TAIL_BYTES)
    this.#encoding.push(chunk)
  }

  facts(stated: StatedFormat): FileFacts {
    if (this.#size === 0)
      throw new CartwrightError("extract", "the file is empty", { next: "Deliver it again." })
    const encoding = stated.encoding ?? this.#encoding.encoding()
    const head = Buffer.concat(this.#head)
    const whole = head.length === this.#size
    const sniffed = sniffText(head, encoding, whole, stated)
    requireCompleteEnd(this.#end(encoding), this.#size > this.#tail.length, sniffed)
    return {
      format: sniffed.format,
      compression: "none",
      encoding,
      ...sniffed.dialect,
      header: sniffed.header,
      columns: sniffed.columns,
      hasRecords: sniffed.records.length > 0 || !whole,
    }
  }

  /** The end of the text, beginning at a whole character. */
  #end(encoding: Encoding): string {
    const odd = encoding.startsWith("utf-16") ? (this.#size - this.#tail.length) % 2 : 0
    return decodeText(this.#tail.subarray(odd), encoding)
  }
}

/** How many line ends a last record may hold inside quotes and still be told from a cut-off one. */
const LINES_LOOKED_BACK = 50

/** A file that was cut off while it was written or sent shows it in its last record. */
function requireCompleteEnd(tail: string, tailOnly: boolean, sniffed: SniffedText): void {
  const { format, dialect, columns } = sniffed
  if (format === "json") {
    if (!/[\]}]\s*$/.test(tail)) throw truncated("its JSON does not end")
    return
  }
  if (/[\r\n]\s*$/.test(tail)) return
  if (format === "ndjson") {
    const last = tail.slice(tail.lastIndexOf("\n") + 1)
    if (!isJson(last) && (last.length < tail.length || !tailOnly))
      throw truncated("its last line is no complete JSON")
    return
  }
  // The last record begins after one of the last line ends; it is complete if any of these beginnings makes it so.
  let start = tail.length
  for (let i = 0; i < LINES_LOOKED_BACK && start > 0; i++) {
    start = Math.max(tail.lastIndexOf("\n", start - 2), tail.lastIndexOf("\r", start - 2)) + 1
    if (start === 0 && tailOnly) return
    const record = parseRecord(tail, start, dialect)
    if (record.sound && record.end >= tail.length && record.fields.length >= columns.length) return
  }
  throw truncated(`its last record has fewer than ${columns.length} fields and no line end`)
}

function truncated(how: string): CartwrightError {
  return new CartwrightError("extract", `the file is truncated: ${how}`, {
    next: "Have the file delivered again, complete.",
  })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

async function parquetFacts(atPath: AtPath, stated: StatedFormat): Promise<FileFacts> {
  if (stated.format !== undefined && stated.format !== "parquet") {
    throw new CartwrightError("extract", `the file is Parquet, not ${stated.format} as its data set states`, {
      next: "Correct `format` of the data set, or leave it out.",
    })
  }
  const { columns, rows } = await atPath((path) => describeParquet(path))
  return {
    format: "parquet",
    compression: "none",
    encoding: "utf-8",
    delimiter: ",",
    quote: '"',
    header: true,
    columns,
    hasRecords: rows > 0n,
  }
}

function at(path: string, error: unknown): unknown {
  if (!(error instanceof CartwrightError) || error.place !== undefined) return error
  return new CartwrightError(error.code, error.message, {
    place: path,
    choices: error.choices,
    next: error.next,
    state: error.state,
    cause: error.cause,
  })
}
