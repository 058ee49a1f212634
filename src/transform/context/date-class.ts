import { PythonError } from "../jinja/index.ts"
import { DateTime, withZone, zoneOf } from "./datetime.ts"
import { argument, Attributes, method } from "./objects.ts"
import { strptime } from "./strftime.ts"
import { DAY, floorDiv, fromParts, MINUTE } from "./time-math.ts"

/** `modules.datetime.datetime` and `.date`. */
export class DateClass extends Attributes {
  readonly #kind: "date" | "datetime"
  readonly #now: () => Date

  constructor(kind: "date" | "datetime", now: () => Date) {
    super()
    this.#kind = kind
    this.#now = now
  }

  override call(args: unknown[], kwargs: Record<string, unknown>): unknown {
    const names = ["year", "month", "day", "hour", "minute", "second", "microsecond"]
    const [year, month, day, hour, minute, second, micro] = names.map((name, i) =>
      Number(argument(args, kwargs, i, name) ?? 0),
    )
    return withZone(
      fromParts(year ?? 0, month ?? 0, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0, micro ?? 0),
      this.#kind,
      argument(args, kwargs, 7, "tzinfo"),
    )
  }

  protected read(name: string): unknown {
    const instant = (): bigint => BigInt(this.#now().getTime()) * 1000n
    // Without a zone it is the machine's time.
    const local = (): DateTime =>
      new DateTime(instant() - BigInt(this.#now().getTimezoneOffset()) * MINUTE, "datetime")
    switch (name) {
      case "today":
        return method(name, () =>
          this.#kind === "date" ? new DateTime(floorDiv(local().micros, DAY) * DAY, "date") : local(),
        )
      case "now":
        return method(name, (args, kwargs) => {
          const zone = zoneOf(argument(args, kwargs, 0, "tz"))
          return zone === undefined ? local() : DateTime.at(instant(), zone)
        })
      case "utcnow":
        return method(name, () => new DateTime(instant(), "datetime"))
      case "strptime":
        return method(
          name,
          ([text, format]) => new DateTime(strptime(String(text), String(format)), "datetime"),
        )
      case "fromisoformat":
        return method(name, ([text]) => {
          const parsed = DateTime.parse(String(text))
          if (parsed === undefined)
            throw new PythonError("ValueError", `Invalid isoformat string: '${String(text)}'`)
          return new DateTime(parsed.micros, this.#kind, parsed.zone, parsed.offset)
        })
      default:
        return undefined
    }
  }

  override toString(): string {
    return `<class 'datetime.${this.#kind}'>`
  }
}
