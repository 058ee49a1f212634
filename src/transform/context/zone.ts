import { HostObject, PythonError } from "../jinja/index.ts"

/** A time zone of pytz. Its rules are those of the JavaScript engine, from the same database. */
export class Zone extends HostObject {
  override readonly typeName = "pytz.tzinfo"
  readonly name: string
  readonly #format: Intl.DateTimeFormat | undefined

  /** @throws PythonError for a name that is no time zone */
  constructor(name: string) {
    super()
    this.name = name
    if (name === "UTC") return
    try {
      this.#format = new Intl.DateTimeFormat("en-US", {
        timeZone: name,
        hourCycle: "h23",
        year: "numeric",
        month: "numeric",
        day: "numeric",
        hour: "numeric",
        minute: "numeric",
        second: "numeric",
        timeZoneName: "short",
      })
    } catch {
      throw new PythonError("KeyError", `unknown time zone: '${name}'`)
    }
  }

  #parts(instant: bigint): Map<string, string> {
    const parts = this.#format?.formatToParts(new Date(Number(instant / 1000n))) ?? []
    return new Map(parts.map(({ type, value }) => [type, value]))
  }

  /** Minutes east of UTC at a point in time (microseconds since 1970). */
  offsetAt(instant: bigint): number {
    if (this.#format === undefined) return 0
    const parts = this.#parts(instant)
    const part = (name: string): number => Number(parts.get(name))
    const local = Date.UTC(
      part("year"),
      part("month") - 1,
      part("day"),
      part("hour"),
      part("minute"),
      part("second"),
    )
    return Math.round((local - Number(instant / 1000n)) / 60_000)
  }

  /** Minutes east of UTC when the zone's clocks show a time; standard time where they show it twice or never. */
  offsetOfLocal(local: bigint): number {
    const day = 86_400_000_000n
    const candidates = [this.offsetAt(local - day), this.offsetAt(local + day)]
    const valid = candidates.filter(
      (offset) => this.offsetAt(local - BigInt(offset) * 60_000_000n) === offset,
    )
    return Math.min(...(valid.length > 0 ? valid : candidates))
  }

  /** `PST`, where the engine knows such a name. */
  abbreviationAt(instant: bigint): string {
    if (this.#format === undefined) return "UTC"
    const name = this.#parts(instant).get("timeZoneName") ?? ""
    if (!name.startsWith("GMT")) return name
    throw new PythonError(
      "ValueError",
      `the abbreviation of ${this.name} is not supported by the embedded runner; use --engine dbt`,
    )
  }

  override attribute(name: string): unknown {
    return name === "zone" ? this.name : this.extra?.(name)
  }

  /** Methods that make dates: added where dates are defined. */
  extra?: (name: string) => unknown

  override toString(): string {
    return this.name
  }

  override repr(): string {
    return this.name === "UTC" ? "<UTC>" : `<DstTzInfo '${this.name}'>`
  }
}
