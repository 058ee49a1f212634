import { isAscii, isUtf8 } from "node:buffer"
import type { Encoding } from "../../core/file-format.ts"

/** A chunk that is not ASCII and wholly valid UTF-8 is hardly ever anything else; its sequences are not counted one by one. */
const WEIGHT_OF_A_SOUND_CHUNK = 100

/** Looks at every byte of a text and tells its encoding at the end. A byte-order mark decides at once. */
export class EncodingWatch {
  #first: Uint8Array | undefined
  #carry: Buffer = Buffer.alloc(0)
  /** Evidence for UTF-8: sequences of two to four bytes that are valid. */
  #multibyte = 0
  /** Bytes that are not UTF-8 where they stand. */
  #invalid = 0
  /** Bytes 0x80–0x9F: letters and signs in Windows-1252, control characters in ISO-8859-1. */
  #c1 = 0

  push(chunk: Uint8Array): void {
    this.#first ??= Buffer.from(chunk.subarray(0, 4096))
    const fresh = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    const bytes = this.#carry.length === 0 ? fresh : Buffer.concat([this.#carry, fresh])
    const whole = bytes.length - unfinishedTail(bytes)
    this.#look(bytes.subarray(0, whole))
    this.#carry = Buffer.from(bytes.subarray(whole))
  }

  encoding(): Encoding {
    this.#look(this.#carry)
    this.#carry = Buffer.alloc(0)
    const marked = this.#first === undefined ? undefined : utf16(this.#first)
    if (marked !== undefined) return marked
    if (this.#invalid <= this.#multibyte) return "utf-8"
    return this.#c1 > 0 ? "windows-1252" : "iso-8859-1"
  }

  #look(bytes: Buffer): void {
    if (isAscii(bytes)) return
    if (isUtf8(bytes)) {
      this.#multibyte += WEIGHT_OF_A_SOUND_CHUNK
      return
    }
    for (let i = 0; i < bytes.length; ) {
      const byte = bytes[i] as number
      if (byte < 0x80) {
        i++
        continue
      }
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      if (
        byte >= 0xc2 &&
        byte < 0xf5 &&
        isUtf8(bytes.subarray(i, i + length)) &&
        i + length <= bytes.length
      ) {
        this.#multibyte++
        i += length
      } else {
        this.#invalid++
        if (byte < 0xa0) this.#c1++
        i++
      }
    }
  }
}

/** UTF-16 by its byte-order mark or, without one, by zero bytes in every second place. */
export function utf16(head: Uint8Array): Encoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le"
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be"
  if (head.length < 4) return undefined
  const zeros = [0, 0]
  const pairs = Math.min(head.length, 4096) >> 1
  for (let i = 0; i < pairs * 2; i++) if (head[i] === 0) zeros[i % 2] = (zeros[i % 2] as number) + 1
  const [even, odd] = zeros as [number, number]
  if (odd > pairs * 0.4 && even < pairs * 0.1) return "utf-16le"
  if (even > pairs * 0.4 && odd < pairs * 0.1) return "utf-16be"
  return undefined
}

/** How many bytes at the end may be the beginning of a UTF-8 sequence that the next chunk completes. */
function unfinishedTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0
  }
  return 0
}
