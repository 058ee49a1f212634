import { JinjaError, placeOf } from "../errors.ts"

/** A template's text with \n line ends and without one trailing newline, as Jinja reads it. */
export class Source {
  readonly file: string
  readonly text: string
  /** Lines before the text, where it is a part of a file. */
  readonly #lineOffset: number
  #lineStarts: number[] | undefined

  constructor(text: string, file: string, lineOffset = 0) {
    const unified = text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text
    this.text = unified.endsWith("\n") ? unified.slice(0, -1) : unified
    this.file = file
    this.#lineOffset = lineOffset
  }

  error(message: string, at: number, cause?: unknown): JinjaError {
    const place = placeOf(this.file, this.text, at)
    return new JinjaError(message, { ...place, line: place.line + this.#lineOffset }, cause)
  }

  /** 1-based line of an offset, within the file. */
  lineOf(at: number): number {
    const starts = (this.#lineStarts ??= lineStarts(this.text))
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] as number) <= at) low = middle
      else high = middle
    }
    return low + 1 + this.#lineOffset
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1)
  return starts
}
