import { HOURS, LOYALTIES, PEOPLE, USER_SOURCES } from "../planted.ts"
import { bits, cumulate, type Randomness, wheel } from "../random.ts"
import { literalTable } from "../sql.ts"
import { LAST_NAMES, MEN, STREET_KINDS, STREETS, WOMEN } from "../words/people.ts"
import { type City, COUNTRIES } from "../words/places.ts"
import type { Day } from "./calendar.ts"

/**
 * Customers come in blocks of 200 numbers: 100 kinds (source × loyalty) for each gender, shuffled within each block. So a
 * kind can be drawn by its weight and turned into a customer without a search, and a customer's number tells the kind.
 */
export const BLOCK = 200
const STRIDE = 37
const STRIDE_INVERSE = 173
const WHEEL = 4096
const LAGS = 1024
const GROUPS = 128
const GROUP_PLACES = 64
const QUARTERS = 4
/** Visits begin before 23:50, so that none goes on past midnight. */
const LAST_START = 85_800
const CLOCK_STEPS = 256

/** The kinds of customers: their source, loyalty and relative number of visits. */
export const KINDS: readonly { source: number; loyalty: number; weight: number }[] = USER_SOURCES.flatMap(
  (source, sourceIndex) => {
    const loyalties = wheel(
      LOYALTIES.map((loyalty) => loyalty.share),
      source.slots,
    )
    return loyalties.map((loyalty) => ({
      source: sourceIndex,
      loyalty,
      weight: (LOYALTIES[loyalty]?.weight ?? 1) * source.orders,
    }))
  },
)

/** SQL statements for the small tables behind customers and their visits. */
export function peopleStatements(days: readonly Day[], random: Randomness): string[] {
  const names = [...WOMEN.map((name) => [0, name] as const), ...MEN.map((name) => [1, name] as const)]
  return [
    literalTable("kinds", {
      "kind integer": KINDS.map((_, i) => i),
      "source varchar": KINDS.map((kind) => USER_SOURCES[kind.source]?.name ?? ""),
      "loyalty integer": KINDS.map((kind) => kind.loyalty),
    }),
    literalTable("kind_wheel", {
      "slot integer": range(WHEEL),
      "kind integer": wheel(
        KINDS.map((kind) => kind.weight),
        WHEEL,
      ),
    }),
    literalTable("lags", {
      "key integer": range(LAGS * LOYALTIES.length),
      "days integer": LOYALTIES.flatMap(({ lag }) =>
        range(LAGS).map((q) =>
          Number.isFinite(lag) ? Math.floor(-Math.log(1 - (q + 0.5) / LAGS) * lag) : -1,
        ),
      ),
    }),
    literalTable("clock", { "step integer": range(CLOCK_STEPS), ...clock() }),
    literalTable("calendar", {
      "day integer": days.map((_, i) => i),
      "day_start bigint": days.map((day) => day.start),
      "first_visit bigint": days.map((day) => day.firstVisit),
      "visits bigint": days.map((day) => day.visits),
      "customers_before bigint": days.map((day) => day.customersBefore),
      "first_customer bigint": days.map((day, i) => (i === 0 ? 0 : day.customersBefore)),
      "customers bigint": days.map((day) => day.customers),
      "sale boolean": days.map((day) => String(day.sale)),
    }),
    ...placesStatements(random),
    ...["city", "state", "postal_code"].map(
      (column) => `set variable ${column}_list = (select list(${column} order by place) from places)`,
    ),
    "set variable place_list = (select list(city || ',' || state || ',' || postal_code order by place) from places)",
    literalTable("first_names", {
      "key integer": names.map(([gender], i) => gender * 1000 + (gender === 0 ? i : i - WOMEN.length)),
      "name varchar": names.map(([, name]) => name),
      "plain varchar": names.map(([, name]) => plain(name)),
    }),
    literalTable("last_names", {
      "key integer": LAST_NAMES.map((_, i) => i),
      "name varchar": LAST_NAMES,
      "plain varchar": LAST_NAMES.map(plain),
    }),
    literalTable("streets", { "key integer": STREETS.map((_, i) => i), "name varchar": STREETS }),
    literalTable("street_kinds", {
      "key integer": STREET_KINDS.map((_, i) => i),
      "name varchar": STREET_KINDS,
    }),
  ]
}

/** SQL: where within its block the customer of a kind and gender stands. */
export function positionOf(kind: string, gender: string, block: string, random: Randomness): string {
  return `(((${kind}) * 2 + (${gender})) * ${STRIDE} + ${rotation(block, random)}) % ${BLOCK}`
}

/** SQL: kind × 2 + gender of the customer with a zero-based number. */
export function kindAndGenderOf(index: string, random: Randomness): string {
  const shifted = `((${index}) % ${BLOCK}) - ${rotation(`(${index}) // ${BLOCK}`, random)} + ${BLOCK}`
  return `(((${shifted}) * ${STRIDE_INVERSE}) % ${BLOCK})`
}

function rotation(block: string, random: Randomness): string {
  return `(${bits(random.hash("block", block), 0, 24)} % ${BLOCK})`
}

/** SQL: how often a customer has moved before an epoch second. */
export function movesBefore(index: string, time: string, span: Span, random: Randomness): string {
  const first = happening("first move", index, PEOPLE.movesPerYear / 2, span, random)
  const second = happening("second move", index, PEOPLE.movesPerYear / 2, span, random)
  return `((${first} < ${time})::integer + (${second} < ${time})::integer)`
}

/** The covered time: epoch seconds of the first midnight and of the one after the last day. */
export interface Span {
  start: number
  end: number
}

/** SQL: the epoch second at which something that happens so often a year first happens to a customer; past the end: never. */
export function happening(
  purpose: string,
  index: string,
  perYear: number,
  span: Span,
  random: Randomness,
): string {
  const horizon = Math.round((365.25 * 86_400) / perYear)
  return `(${span.start} + (((${random.hash(purpose, index)} >> 32)::bigint * ${horizon}) >> 32))`
}

/** SQL: the slot of a customer's place after so many moves; moves stay within the country. */
export function placeOf(index: string, moves: string, random: Randomness): string {
  const group = bits(random.hash("country", index), 0, 7)
  return `(${group} * ${GROUP_PLACES} + ${bits(random.hash("place", `(${index}) * 4 + ${moves}`), 0, 6)})`
}

/** `places`: place slots in groups of one country each, every slot a quarter of one of its cities. */
function placesStatements(random: Randomness): string[] {
  const quarters = COUNTRIES.flatMap((country) =>
    country.cities.flatMap((city) =>
      range(QUARTERS).map((number) => ({
        country: country.name,
        city,
        ...quarterOf(city, [country.name, city.state, city.name, number].join("\n"), random),
      })),
    ),
  )
  const firstCity = COUNTRIES.map((_, i) =>
    COUNTRIES.slice(0, i).reduce((sum, country) => sum + country.cities.length, 0),
  )
  const groups = COUNTRIES.flatMap((country, i) => Array.from({ length: country.share }, () => i))
  const wheels = COUNTRIES.map((country) =>
    wheel(
      country.cities.map((city) => city.weight),
      1000,
    ),
  )
  const slots = range(GROUPS * GROUP_PLACES).map((slot) => {
    const country = groups[Math.floor(slot / GROUP_PLACES)] ?? 0
    const city = wheels[country]?.[Math.floor(random.unit("city", slot) * 1000)] ?? 0
    return ((firstCity[country] ?? 0) + city) * QUARTERS + Math.floor(random.unit("quarter", slot) * QUARTERS)
  })
  return [
    literalTable("quarters", {
      "quarter integer": range(quarters.length),
      "country varchar": quarters.map((quarter) => quarter.country),
      "city varchar": quarters.map((quarter) => quarter.city.name),
      "state varchar": quarters.map((quarter) => quarter.city.state),
      "postal_code varchar": quarters.map((quarter) => quarter.postal),
      "latitude varchar": quarters.map((quarter) => quarter.latitude),
      "longitude varchar": quarters.map((quarter) => quarter.longitude),
    }),
    literalTable("place_wheel", { "place integer": range(slots.length), "quarter integer": slots }),
    `create or replace table places as select place, quarters.* exclude (quarter)
      from place_wheel join quarters on quarters.quarter = place_wheel.quarter order by place`,
  ]
}

/** One of a city's few quarters: a postal code and a point near the city's own. */
function quarterOf(city: City, key: string, random: Randomness) {
  let digit = 0
  return {
    postal: city.postal.replace(/#/g, () => String(Math.floor(random.unit(key, digit++) * 10))),
    latitude: String(Number((city.latitude + (random.unit(key, 100) - 0.5) * 0.2).toPrecision(10))),
    longitude: String(Number((city.longitude + (random.unit(key, 101) - 0.5) * 0.2).toPrecision(10))),
  }
}

/** The seconds of the day at which equal shares of the day's visits have begun. */
function clock(): { "second integer": number[]; "width integer": number[] } {
  const hours = cumulate(HOURS, 1_000_000)
  const seconds = range(CLOCK_STEPS + 1).map((step) => {
    const reached = (step / CLOCK_STEPS) * 1_000_000
    const hour = Math.max(
      0,
      hours.findIndex((upto) => upto >= reached),
    )
    const before = hours[hour - 1] ?? 0
    const part = (reached - before) / ((hours[hour] ?? 0) - before)
    return Math.floor(((hour + part) / 24) * LAST_START)
  })
  return {
    "second integer": seconds.slice(0, CLOCK_STEPS),
    "width integer": seconds.slice(1).map((second, i) => second - (seconds[i] ?? 0)),
  }
}

function plain(name: string): string {
  return name
    .normalize("NFD")
    .toLowerCase()
    .replaceAll("ø", "o")
    .replaceAll("ł", "l")
    .replaceAll("ß", "ss")
    .replace(/[^a-z]/g, "")
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

/** The steps of the clock by which a day's visits and registrations are spread. */
export const CLOCK = CLOCK_STEPS
export const KIND_BITS = Math.log2(WHEEL)
export const LAG_BITS = Math.log2(LAGS)
