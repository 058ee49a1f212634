import { PythonError } from "../jinja/index.ts"
import { pythonStr } from "../values.ts"
import { dispatched, plain, REQUIRED, type Builtin } from "./builtin.ts"

/** Macros on dates and number series, with the meaning that they have on DuckDB under dbt-duckdb. */
export const DATES: readonly Builtin[] = [
  dispatched(
    "date",
    { year: REQUIRED, month: REQUIRED, day: REQUIRED },
    (call) => `make_date(${call.text("year")}, ${call.text("month")}, ${call.text("day")})`,
    "duckdb",
  ),
  dispatched(
    "date_trunc",
    { datepart: REQUIRED, date: REQUIRED },
    (call) => `date_trunc('${call.text("datepart")}', ${call.text("date")})`,
  ),
  dispatched(
    "dateadd",
    { datepart: REQUIRED, interval: REQUIRED, from_date_or_timestamp: REQUIRED },
    (call) => dateAdd(call.text("datepart"), call.text("interval"), call.text("from_date_or_timestamp")),
    "duckdb",
  ),
  dispatched(
    "datediff",
    { first_date: REQUIRED, second_date: REQUIRED, datepart: REQUIRED },
    (call) => dateDiff(call.text("first_date"), call.text("second_date"), call.text("datepart")),
    "duckdb",
  ),
  dispatched(
    "last_day",
    { date: REQUIRED, datepart: REQUIRED },
    async (call) => {
      const [date, part] = [call.text("date"), call.text("datepart")]
      const start = await call.host.macro("date_trunc", [part, date])
      const next =
        part === "quarter"
          ? await call.host.macro("dateadd", ["month", "3", start])
          : await call.host.macro("dateadd", [part, "1", start])
      return `cast(${pythonStr(await call.host.macro("dateadd", ["day", "-1", next]))} as date)`
    },
    "duckdb",
  ),
  dispatched(
    "generate_series",
    { upper_bound: REQUIRED },
    (call) =>
      `select generate_series as generated_number from generate_series(1, ${call.text("upper_bound")})`,
    "duckdb",
  ),
  dispatched("get_powers_of_two", { upper_bound: REQUIRED }, (call) => {
    const bound = Number(call.value("upper_bound"))
    if (!(bound > 0)) throw new PythonError("ValueError", "upper bound must be positive")
    return Math.max(1, Math.ceil(Math.log2(bound)))
  }),
  dispatched("date_spine", { datepart: REQUIRED, start_date: REQUIRED, end_date: REQUIRED }, async (call) => {
    const [part, start, end] = [call.text("datepart"), call.text("start_date"), call.text("end_date")]
    const count = await call.host.macro("get_intervals_between", [start, end, part])
    const series = pythonStr(await call.host.macro("generate_series", [count]))
    const step = pythonStr(
      await call.host.macro("dateadd", [part, "row_number() over (order by 1) - 1", start]),
    )
    return `with rawdata as (${series}), all_periods as (select (${step}) as date_${part} from rawdata), filtered as (select * from all_periods where date_${part} <= ${end}) select * from filtered`
  }),
  plain("convert_datetime", { date_str: REQUIRED, date_fmt: REQUIRED }, () => {
    throw new PythonError(
      "ValueError",
      "convert_datetime is not supported by the embedded runner; use --engine dbt",
    )
  }),
]

const MONTHS: Record<string, number> = { quarter: 3, decade: 120, century: 1200, millennium: 12_000 }

/** Interval arithmetic: DuckDB has no intervals of weeks and quarters as such. */
function dateAdd(datepart: string, interval: string, from: string): string {
  const part = datepart.trim().toLowerCase()
  if (part === "week") return `(${from} + (cast(${interval} as bigint) * 7) * interval 1 day)`
  if (part === "quarter")
    return `(${from} + (cast(${interval} as bigint) * ${MONTHS[part]}) * interval 1 month)`
  return `(${from} + cast(${interval} as bigint) * interval 1 ${datepart})`
}

function dateDiff(first: string, second: string, datepart: string): string {
  const part = datepart.trim().toLowerCase()
  if (part !== "week") return `(date_diff('${datepart}', ${first}::timestamp, ${second}::timestamp))`
  // Weeks begin on Sunday.
  const days = dateDiff(first, second, "day")
  const forward = `${first} <= ${second}`
  return `(${days} // 7 + case when date_part('dow', (${first})::timestamp) <= date_part('dow', (${second})::timestamp) then case when ${forward} then 0 else -1 end else case when ${forward} then 1 else 0 end end)`
}
