import type { ProgressEvent } from "../../core/effects.ts"
import type { Style } from "./style.ts"
import { bytes, count, duration, rate } from "./text.ts"

type Paint = (style: Style, text: string) => string

const WORTH_TELLING_MS = 1000

/** The line that stays when an item has ended; undefined for what is only shown while it runs. */
export function progressLine(event: ProgressEvent, paint: Paint): string | undefined {
  const { status, step, name } = event
  // Models, tests and tables are many: the log has them all, a line here only what took its time or went wrong.
  const many = step === "transform" || step === "publish"
  if (many && (status === "skipped" || (status === "done" && (event.elapsedMs ?? 0) < WORTH_TELLING_MS)))
    return undefined
  const mark = {
    done: paint("green", "✓"),
    skipped: paint("dim", "="),
    warned: paint("yellow", "!"),
    failed: paint("red", "✗"),
  }
  if (status === "start" || status === "progress") return undefined
  return `${mark[status]} ${step.padEnd(9)} ${name}${details(event)}`
}

function details({ rows, bytes: size, elapsedMs, message }: ProgressEvent): string {
  const parts = [
    message ?? "",
    rows === undefined ? "" : `${count(rows)} rows`,
    size === undefined || size === 0 ? "" : bytes(size),
    elapsedMs === undefined || elapsedMs < 1 ? "" : duration(elapsedMs),
    rows === undefined || elapsedMs === undefined || elapsedMs < 100 ? "" : rate(rows, elapsedMs),
  ].filter((part) => part !== "")
  return parts.length === 0 ? "" : ` · ${parts.join(" · ")}`
}

const REDRAW_MS = 100

/** What runs now, on one line of the terminal that is drawn again and again. */
export class RunningLine {
  readonly #stream: NodeJS.WritableStream & { columns?: number }
  readonly #running = new Map<string, { event: ProgressEvent; started: number }>()
  #timer: NodeJS.Timeout | undefined
  #drawn = false

  constructor(stream: NodeJS.WritableStream & { columns?: number }) {
    this.#stream = stream
  }

  update(event: ProgressEvent): void {
    const key = `${event.step} ${event.name}`
    if (event.status === "start" || event.status === "progress") {
      this.#running.set(key, { event, started: this.#running.get(key)?.started ?? performance.now() })
      this.#timer ??= setInterval(() => this.#draw(), REDRAW_MS).unref()
    } else this.#running.delete(key)
  }

  clear(): void {
    if (this.#drawn) this.#stream.write("\r\u001B[2K")
    this.#drawn = false
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#running.clear()
    this.clear()
  }

  #draw(): void {
    this.clear()
    const [newest] = [...this.#running.values()].reverse()
    if (newest === undefined) return
    const { event, started } = newest
    const elapsed = performance.now() - started
    const others = this.#running.size > 1 ? ` (+${this.#running.size - 1})` : ""
    const text = `… ${event.step.padEnd(9)} ${event.name}${others}${details({ ...event, elapsedMs: elapsed })}`
    this.#stream.write(text.slice(0, (this.#stream.columns || 100) - 1))
    this.#drawn = true
  }
}
