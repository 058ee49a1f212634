import { callable, iterate, Tuple } from "../jinja/index.ts"
import { pythonStr } from "../values.ts"
import type { NodeContext } from "./context.ts"
import { DateClass } from "./date-class.ts"
import { makeZone, UTC } from "./datetime.ts"
import { Namespace } from "./objects.ts"
import { REGEX } from "./regex.ts"
import { makeTimeDelta } from "./timedelta.ts"

/** `modules`: what there is of Python's datetime, pytz, re and itertools. */
export function modules({ invocation }: NodeContext): Namespace {
  const now = (): Date => {
    invocation.asked.clock = true
    return invocation.effects.now()
  }
  return new Namespace("modules", {
    pytz: new Namespace("<module 'pytz'>", {
      utc: UTC,
      UTC,
      timezone: callable(
        ([name]) => (pythonStr(name) === "UTC" ? UTC : makeZone(pythonStr(name))),
        "timezone",
      ),
    }),
    datetime: new Namespace("<module 'datetime'>", {
      date: new DateClass("date", now),
      datetime: new DateClass("datetime", now),
      timedelta: callable(makeTimeDelta, "timedelta"),
      timezone: new Namespace("<class 'datetime.timezone'>", { utc: UTC }),
    }),
    re: REGEX,
    itertools: new Namespace("<module 'itertools'>", ITERTOOLS),
  })
}

const lists = (args: readonly unknown[]): unknown[][] => args.map((value) => [...iterate(value)])

const ITERTOOLS = {
  chain: callable((args) => lists(args).flat(), "chain"),
  product: callable(
    (args) =>
      lists(args).reduce<Tuple[]>(
        (sets, list) => sets.flatMap((set) => list.map((item) => Tuple.from([...set, item]) as Tuple)),
        [Tuple.from([]) as Tuple],
      ),
    "product",
  ),
  combinations: callable(
    ([value, size]) => combinations(lists([value])[0] ?? [], Number(size)),
    "combinations",
  ),
  permutations: callable(([value, size]) => {
    const items = lists([value])[0] ?? []
    return permutations(items, size === undefined || size === null ? items.length : Number(size))
  }, "permutations"),
  accumulate: callable(([value]) => {
    let sum = 0
    return (lists([value])[0] ?? []).map((item) => (sum += Number(item)))
  }, "accumulate"),
  repeat: callable(([value, times]) => Array.from({ length: Number(times) }, () => value), "repeat"),
  islice: callable(
    ([value, first, last]) =>
      (lists([value])[0] ?? []).slice(last === undefined ? 0 : Number(first), Number(last ?? first)),
    "islice",
  ),
  zip_longest: callable((args, kwargs) => {
    const all = lists(args)
    const length = Math.max(0, ...all.map((list) => list.length))
    return Array.from({ length }, (_, i) =>
      Tuple.from(all.map((list) => (i < list.length ? list[i] : (kwargs["fillvalue"] ?? null)))),
    )
  }, "zip_longest"),
}

function combinations(items: readonly unknown[], size: number): Tuple[] {
  if (size === 0) return [Tuple.from([]) as Tuple]
  return items.flatMap((item, i) =>
    combinations(items.slice(i + 1), size - 1).map((rest) => Tuple.from([item, ...rest]) as Tuple),
  )
}

function permutations(items: readonly unknown[], size: number): Tuple[] {
  if (size === 0) return [Tuple.from([]) as Tuple]
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)], size - 1).map(
      (rest) => Tuple.from([item, ...rest]) as Tuple,
    ),
  )
}
