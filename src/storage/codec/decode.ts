import type { Encoding } from "../../core/file-format.ts"

/** Turns the bytes of a text, chunk by chunk, into a string. Bytes that the encoding does not have become U+FFFD. */
export interface TextDecoding {
  push(chunk: Uint8Array): string
  finish(): string
}

/** A byte-order mark at the beginning is left out. */
export function textDecoding(encoding: Encoding): TextDecoding {
  if (encoding === "iso-8859-1" || encoding === "windows-1252") {
    const translate = encoding === "iso-8859-1" ? (text: string) => text : fromWindows1252
    return { push: (chunk) => translate(asBuffer(chunk).toString("latin1")), finish: () => "" }
  }
  const decoder = new TextDecoder(encoding)
  return { push: (chunk) => decoder.decode(chunk, { stream: true }), finish: () => decoder.decode() }
}

/** The whole of a short text. */
export function decodeText(bytes: Uint8Array, encoding: Encoding): string {
  const decoding = textDecoding(encoding)
  return decoding.push(bytes) + decoding.finish()
}

/** A stream in another encoding as UTF-8. Memory: a few chunks. */
export async function* toUtf8(
  bytes: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncIterable<Uint8Array> {
  const decoding = textDecoding(encoding)
  for await (const chunk of bytes) yield Buffer.from(decoding.push(chunk), "utf8")
  const rest = decoding.finish()
  if (rest !== "") yield Buffer.from(rest, "utf8")
}

// Node's decoder for windows-1252 has read 0x80–0x9F as control characters in some versions, so the table is ours.
const WINDOWS_1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"

function fromWindows1252(latin1: string): string {
  return latin1.replace(
    /[\u0080-\u009f]/g,
    (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80] as string,
  )
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}
