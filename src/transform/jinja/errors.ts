import { CartwrightError } from "../../core/errors.ts"

/** Where in a template: lines and columns are 1-based, columns count code units. */
export interface Place {
  file: string
  line: number
  column: number
  /** The line with a caret under the column. */
  excerpt: string
}

/**
 * A template that cannot be parsed or rendered. `message` says what is wrong in Jinja's or Python's words, `place` is
 * `file:line:column` followed by the excerpt with its caret. `trace` lists the macros that were being rendered,
 * innermost first, as `file:line`.
 */
export class JinjaError extends CartwrightError {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly excerpt: string
  readonly trace: string[] = []

  constructor(offence: string, place: Place, cause?: unknown) {
    super("transform", offence, {
      place: `${place.file}:${place.line}:${place.column}\n${place.excerpt}`,
      cause,
    })
    this.file = place.file
    this.line = place.line
    this.column = place.column
    this.excerpt = place.excerpt
  }
}

/** The exceptions of Python that a template can tell apart: lookups catch TypeError and LookupError, for instance. */
export type PythonErrorKind =
  | "TypeError"
  | "ValueError"
  | "KeyError"
  | "IndexError"
  | "AttributeError"
  | "ZeroDivisionError"
  | "OverflowError"
  | "RuntimeError"
  | "UndefinedError"
  | "SecurityError"

/** What Python would raise; it becomes a {@link JinjaError} at the place in the template that it came from. */
export class PythonError extends Error {
  override readonly name = "PythonError"
  readonly kind: PythonErrorKind

  constructor(kind: PythonErrorKind, message: string) {
    super(message)
    this.kind = kind
  }
}

/** Thrown by the host's `return()`; caught where the macro was called from outside its template. */
export class MacroReturn {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

/** The line around an offset of a source text. */
export function placeOf(file: string, source: string, offset: number): Place {
  const at = Math.min(Math.max(offset, 0), source.length)
  const start = source.lastIndexOf("\n", at - 1) + 1
  const newline = source.indexOf("\n", at)
  const text = source.slice(start, newline < 0 ? source.length : newline)
  let line = 1
  for (let i = source.indexOf("\n"); i >= 0 && i < at; i = source.indexOf("\n", i + 1)) line++
  const column = at - start + 1
  const excerpt = `    ${text}\n    ${text.slice(0, column - 1).replace(/[^\t]/g, " ")}^`
  return { file, line, column, excerpt }
}
