import { callable, PythonError } from "../jinja/index.ts"
import { Attributes, method } from "./objects.ts"
import { strftime } from "./strftime.ts"
import { DAY, floorDiv, fromParts, MINUTE, sign, two } from "./time-math.ts"
import { TimeDelta } from "./timedelta.ts"
import { Zone } from "./zone.ts"

/** Python's `date` and `datetime`, the latter with or without a time zone of pytz. */
export class DateTime extends Attributes {
  override readonly typeName: string
  /** Microseconds since 1970 on the clock that it shows. */
  readonly micros: bigint
  readonly kind: "date" | "datetime"
  readonly zone: Zone | undefined
  /** Minutes east of UTC. */
  readonly offset: number

  constructor(micros: bigint, kind: "date" | "datetime", zone?: Zone, offset?: number) {
    super()
    this.micros = micros
    this.kind = kind
    this.zone = zone
    this.offset = offset ?? zone?.offsetOfLocal(micros) ?? 0
    this.typeName = `datetime.${kind}`
  }

  /** A point in time on the clocks of a zone. */
  static at(instant: bigint, zone: Zone): DateTime {
    const offset = zone.offsetAt(instant)
    return new DateTime(instant + BigInt(offset) * MINUTE, "datetime", zone, offset)
  }

  /** Reads `2026-07-01[ 12:00:00[.ffffff]]`, as DuckDB prints dates and timestamps. */
  static parse(text: string): DateTime | undefined {
    const match =
      /^(-?\d{1,4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|\+00(?::?00)?)?)?$/.exec(
        text,
      )
    if (match === null) return undefined
    const [year, month, day, hours, minutes, seconds] = match.slice(1, 7).map((part) => Number(part ?? 0))
    const fraction = Number((match[7] ?? "").padEnd(6, "0").slice(0, 6))
    const micros = fromParts(
      year ?? 0,
      month ?? 0,
      day ?? 0,
      hours ?? 0,
      minutes ?? 0,
      seconds ?? 0,
      fraction,
    )
    const kind = match[4] === undefined ? "date" : "datetime"
    return new DateTime(micros, kind, match[8] === undefined ? undefined : UTC)
  }

  get utcDate(): Date {
    return new Date(Number(floorDiv(this.micros, 1000n)))
  }

  get microsecond(): number {
    return Number(((this.micros % 1_000_000n) + 1_000_000n) % 1_000_000n)
  }

  /** Microseconds since 1970 in UTC; without a zone it counts as the machine's time, as in Python. */
  get instant(): bigint {
    return this.micros - BigInt(this.zone === undefined ? localOffset(this.micros) : this.offset) * MINUTE
  }

  /** What `%Z` prints. */
  get abbreviation(): string {
    return this.zone?.abbreviationAt(this.instant) ?? ""
  }

  protected read(name: string): unknown {
    const date = this.utcDate
    switch (name) {
      case "year":
        return date.getUTCFullYear()
      case "month":
        return date.getUTCMonth() + 1
      case "day":
        return date.getUTCDate()
      case "strftime":
        return method(name, (args) => strftime(this, String(args[0])))
      case "isoformat":
        return method(name, (args, kwargs) => this.isoFormat(String(args[0] ?? kwargs["sep"] ?? "T")))
      case "weekday":
        return method(name, () => (date.getUTCDay() + 6) % 7)
      case "isoweekday":
        return method(name, () => ((date.getUTCDay() + 6) % 7) + 1)
      case "replace":
        return method(name, (_, kwargs) => this.#replace(kwargs))
      default:
        return this.kind === "datetime" ? this.#readTime(name, date) : undefined
    }
  }

  #readTime(name: string, date: Date): unknown {
    switch (name) {
      case "hour":
        return date.getUTCHours()
      case "minute":
        return date.getUTCMinutes()
      case "second":
        return date.getUTCSeconds()
      case "microsecond":
        return this.microsecond
      case "tzinfo":
        return this.zone ?? null
      case "date":
        return method(name, () => new DateTime(floorDiv(this.micros, DAY) * DAY, "date"))
      case "timestamp":
        return method(name, () => Number(this.instant) / 1e6)
      case "utcoffset":
        return method(name, () =>
          this.zone === undefined ? null : new TimeDelta(BigInt(this.offset) * MINUTE),
        )
      case "astimezone":
        return method(name, (args, kwargs) =>
          DateTime.at(this.instant, zoneOf(args[0] ?? kwargs["tz"]) ?? UTC),
        )
      default:
        return undefined
    }
  }

  #replace(kwargs: Record<string, unknown>): DateTime {
    const date = this.utcDate
    const part = (name: string, current: number): number =>
      typeof kwargs[name] === "number" ? kwargs[name] : current
    const micros = fromParts(
      part("year", date.getUTCFullYear()),
      part("month", date.getUTCMonth() + 1),
      part("day", date.getUTCDate()),
      part("hour", date.getUTCHours()),
      part("minute", date.getUTCMinutes()),
      part("second", date.getUTCSeconds()),
      part("microsecond", this.microsecond),
    )
    if (!("tzinfo" in kwargs)) return new DateTime(micros, this.kind, this.zone, this.offset)
    return withZone(micros, this.kind, kwargs["tzinfo"])
  }

  override operate(operator: string, other: unknown, reflected: boolean): unknown {
    if (other instanceof TimeDelta) {
      const span = this.kind === "date" ? floorDiv(other.micros, DAY) * DAY : other.micros
      const moved = (by: bigint): DateTime =>
        new DateTime(this.micros + by, this.kind, this.zone, this.offset)
      if (operator === "+") return moved(span)
      if (operator === "-" && !reflected) return moved(-span)
    }
    if (operator === "-" && other instanceof DateTime && this.#comparable(other)) {
      const difference = this.#order(other)
      return new TimeDelta(reflected ? -difference : difference)
    }
    return undefined
  }

  #comparable(other: DateTime): boolean {
    return other.kind === this.kind && (other.zone === undefined) === (this.zone === undefined)
  }

  #order(other: DateTime): bigint {
    return this.zone === undefined ? this.micros - other.micros : this.instant - other.instant
  }

  override compare(other: unknown): number | undefined {
    return other instanceof DateTime && this.#comparable(other) ? sign(this.#order(other)) : undefined
  }

  override equals(other: unknown): boolean {
    return this.compare(other) === 0
  }

  isoFormat(separator: string): string {
    const date = this.utcDate
    const day = `${String(date.getUTCFullYear()).padStart(4, "0")}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`
    if (this.kind === "date") return day
    const clock = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
    const fraction = this.microsecond === 0 ? "" : `.${String(this.microsecond).padStart(6, "0")}`
    return `${day}${separator}${clock}${fraction}${this.zone === undefined ? "" : offsetText(this.offset)}`
  }

  override toString(): string {
    return this.isoFormat(" ")
  }

  override repr(): string {
    const date = this.utcDate
    const parts = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]
    if (this.kind === "datetime") {
      parts.push(date.getUTCHours(), date.getUTCMinutes())
      if (date.getUTCSeconds() !== 0 || this.microsecond !== 0) parts.push(date.getUTCSeconds())
      if (this.microsecond !== 0) parts.push(this.microsecond)
    }
    return `datetime.${this.kind}(${parts.join(", ")}${this.zone === undefined ? "" : `, tzinfo=${this.zone.repr()}`})`
  }
}

/** `+09:00` */
function offsetText(minutes: number): string {
  const size = Math.abs(minutes)
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`
}

/** The machine's minutes east of UTC when its clock shows a time. */
function localOffset(local: bigint): number {
  const shown = new Date(Number(floorDiv(local, 1000n)))
  const date = new Date(
    shown.getUTCFullYear(),
    shown.getUTCMonth(),
    shown.getUTCDate(),
    shown.getUTCHours(),
    shown.getUTCMinutes(),
    shown.getUTCSeconds(),
  )
  return -date.getTimezoneOffset()
}

/** A time zone argument: None and nothing are none. */
export function zoneOf(value: unknown): Zone | undefined {
  if (value === undefined || value === null) return undefined
  if (value instanceof Zone) return value
  throw new PythonError("TypeError", "tzinfo argument must be None or of a tzinfo subclass")
}

/** A date whose zone is set directly: pytz then takes the zone's oldest local time, whatever the date. */
export function withZone(micros: bigint, kind: "date" | "datetime", value: unknown): DateTime {
  const zone = zoneOf(value)
  return new DateTime(micros, kind, zone, zone?.offsetAt(fromParts(1800, 1, 1, 0, 0, 0, 0)))
}

/** A time zone whose `localize` makes dates. */
export function makeZone(name: string): Zone {
  const zone = new Zone(name)
  zone.extra = (attribute) =>
    attribute === "localize"
      ? callable(
          ([date]) => (date instanceof DateTime ? new DateTime(date.micros, "datetime", zone) : null),
          attribute,
        )
      : undefined
  return zone
}

export const UTC = makeZone("UTC")
