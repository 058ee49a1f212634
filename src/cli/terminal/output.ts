import type { ProgressEvent } from "../../core/effects.ts"
import { progressLine, RunningLine } from "./progress.ts"
import { paint, type Style } from "./style.ts"

/** The streams and switches that the program was started with. */
export interface OutputOptions {
  stdout: NodeJS.WritableStream
  stderr: NodeJS.WritableStream & { columns?: number }
  json: boolean
  quiet: boolean
  /** Whether a person looks at standard error: progress is then one line, redrawn. */
  terminal: boolean
  color: boolean
}

/** All that the program writes. With --json, standard output holds one JSON document per line and nothing else. */
export interface Output {
  readonly json: boolean
  /** What was asked for, on standard output. */
  print(line?: string): void
  /** What a person may want to know meanwhile, on standard error; silent with --quiet or --json. */
  note(line: string): void
  /** A problem that stops nothing; silent with --json. */
  warn(line: string): void
  /** One step of work. */
  progress(event: ProgressEvent): void
  /** The result for machines, as the last line of standard output; nothing without --json. */
  result(document: Record<string, unknown>): void
  error(line: string): void
  readonly style: (style: Style, text: string) => string
  /** Clears what is redrawn. */
  end(): void
}

export function createOutput(options: OutputOptions): Output {
  const { stdout, stderr, json, quiet } = options
  const running = options.terminal && !json && !quiet ? new RunningLine(stderr) : undefined
  const style = (name: Style, text: string) => (options.color ? paint(name, text) : text)
  const toStderr = (line: string) => {
    running?.clear()
    stderr.write(`${line}\n`)
  }
  const document = (value: Record<string, unknown>) => stdout.write(`${JSON.stringify(value, jsonValue)}\n`)
  return {
    json,
    print(line = "") {
      if (json) return
      running?.clear()
      stdout.write(`${line}\n`)
    },
    note(line) {
      if (!json && !quiet) toStderr(line)
    },
    warn(line) {
      if (!json) toStderr(style("yellow", line))
    },
    progress(event) {
      if (json) {
        document({ type: "progress", ...event })
        return
      }
      if (quiet) return
      const line = progressLine(event, style)
      if (line !== undefined) toStderr(line)
      running?.update(event)
    },
    result(value) {
      if (json) document({ type: "result", ...value })
    },
    error: toStderr,
    style,
    end() {
      running?.stop()
    },
  }
}

/** 64-bit integers may exceed what JSON's readers hold: those become text. */
function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value !== "bigint") return value
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value)
}
