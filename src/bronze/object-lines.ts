const [QUOTE, BACKSLASH, OPEN, CLOSE, LINE_FEED] = [0x22, 0x5c, 0x7b, 0x7d, 0x0a]

/**
 * The lines on which the outermost objects of a JSON text begin: those of an array, or those that follow each other. Chunk by
 * chunk, in order, from 1.
 */
export async function* objectLines(text: AsyncIterable<Uint8Array>): AsyncIterable<number[]> {
  let [line, depth] = [1, 0]
  let [inString, escaped] = [false, false]
  for await (const chunk of text) {
    const lines: number[] = []
    for (const byte of chunk) {
      if (byte === LINE_FEED) line++
      if (inString) {
        if (escaped) escaped = false
        else if (byte === BACKSLASH) escaped = true
        else if (byte === QUOTE) inString = false
      } else if (byte === QUOTE) inString = true
      else if (byte === CLOSE) depth--
      else if (byte === OPEN && depth++ === 0) lines.push(line)
    }
    yield lines
  }
}
