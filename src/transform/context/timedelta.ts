import { argument, Attributes, method } from "./objects.ts"
import { DAY, floorDiv, sign } from "./time-math.ts"

/** A span of time in microseconds: Python's `timedelta`. */
export class TimeDelta extends Attributes {
  override readonly typeName = "datetime.timedelta"
  readonly micros: bigint

  constructor(micros: bigint) {
    super()
    this.micros = micros
  }

  protected read(name: string): unknown {
    const days = floorDiv(this.micros, DAY)
    const rest = this.micros - days * DAY
    if (name === "days") return Number(days)
    if (name === "seconds") return Number(rest / 1_000_000n)
    if (name === "microseconds") return Number(rest % 1_000_000n)
    if (name === "total_seconds") return method(name, () => Number(this.micros) / 1e6)
    return undefined
  }

  override operate(operator: string, other: unknown, reflected: boolean): unknown {
    if (other instanceof TimeDelta) {
      if (operator === "+") return new TimeDelta(this.micros + other.micros)
      if (operator === "-")
        return new TimeDelta(reflected ? other.micros - this.micros : this.micros - other.micros)
    }
    if (operator === "*" && typeof other === "number")
      return new TimeDelta(BigInt(Math.round(Number(this.micros) * other)))
    return undefined
  }

  override compare(other: unknown): number | undefined {
    return other instanceof TimeDelta ? sign(this.micros - other.micros) : undefined
  }

  override equals(other: unknown): boolean {
    return other instanceof TimeDelta && other.micros === this.micros
  }

  override toString(): string {
    const days = floorDiv(this.micros, DAY)
    const rest = this.micros - days * DAY
    const seconds = rest / 1_000_000n
    const micros = rest % 1_000_000n
    const two = (value: bigint): string => String(value).padStart(2, "0")
    const clock = `${seconds / 3600n}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`
    const fraction = micros === 0n ? "" : `.${String(micros).padStart(6, "0")}`
    if (days === 0n) return `${clock}${fraction}`
    return `${days} day${days === 1n || days === -1n ? "" : "s"}, ${clock}${fraction}`
  }
}

/** `modules.datetime.timedelta(days=1, …)` */
export function makeTimeDelta(args: unknown[], kwargs: Record<string, unknown>): TimeDelta {
  const factors: Record<string, number> = {
    days: 86_400e6,
    seconds: 1e6,
    microseconds: 1,
    milliseconds: 1e3,
    minutes: 60e6,
    hours: 3600e6,
    weeks: 604_800e6,
  }
  let micros = 0
  for (const [i, [name, factor]] of Object.entries(factors).entries())
    micros += Number(argument(args, kwargs, i, name) ?? 0) * factor
  return new TimeDelta(BigInt(Math.round(micros)))
}
