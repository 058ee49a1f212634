import { BROWSERS, CART_LIMIT, DAILY, ENTRIES, VIEWS_PER_VISIT, VISIT_SOURCES, WALK } from "../planted.ts"
import { bits, of16, pick16, type Randomness } from "../random.ts"
import { DEPARTMENT_SLOTS, NO_VIEW } from "./catalog.ts"
import type { Deliveries } from "./customers.ts"
import { MAX_VIEWS, productStep, STEP } from "./journeys.ts"
import { BLOCK, CLOCK, KIND_BITS, LAG_BITS, movesBefore, placeOf, positionOf, type Span } from "./people.ts"

/** Visits that begin on the days [firstDay, lastDay] of the calendar. */
export interface Stretch {
  firstDay: number
  lastDay: number
}

/** SQL that creates `moments`: the visits of some days by number. Apart, because DuckDB reads a stored table in parallel. */
export function momentsTable(stretch: Stretch): string {
  return `create or replace table moments as
    select day, day_start, first_visit, visits, customers_before, unnest(range(first_visit, first_visit + visits)) as visit
    from calendar where day between ${stretch.firstDay} and ${stretch.lastDay}`
}

/**
 * SQL: the visits in `moments`, in no order, one row each: who, from where, which steps (`mask`), which products (p1 …, with
 * their brands b1 … and categories c1 …), when (`begun`, `gap` between steps, in seconds). All a function of its number.
 * @param daily the daily deliveries, between which visits may come late
 */
export function visitsQuery(span: Span, random: Randomness, daily: Deliveries | undefined): string {
  const views = Array.from({ length: MAX_VIEWS }, (_, i) => i + 1)
  const later = views.slice(1)
  return `with drawn as (
      select day, day_start, visit, customers_before, ${random.hash("visit", "visit")} as h,
        ${random.hash("steps", "visit")} as s, ${random.hash("visitor", "visit")} as w,
        ${random.hash("registration", "visit")} as r, ${random.hash("habits", "visit")} as g,
        ${views.map((view) => `${random.hash("view", `visit * 8 + ${view}`)} as v${view}`).join(", ")},
        ((visit - first_visit) * 65536 + ${bits(random.hash("moment", "visit"), 0, 16)}) * ${CLOCK} as position,
        visits * 65536 as positions
      from moments
    ), placed as (
      select drawn.* exclude (position, positions), source, browser, entry, preferred, wanted,
        ${firstSlot("v1", "preferred")} as slot1,
        ${secondOfDay(`clock.second + (((position % positions) * clock.width) // positions)::integer`)} as at_second
      from (
        select drawn.*, ${pick16(bits("h", 0, 16), shares(VISIT_SOURCES))} as source,
          ${pick16(bits("h", 16, 16), shares(BROWSERS))} as browser,
          ${pick16(bits("h", 32, 16), shares(ENTRIES))} as entry,
          ${bits("h", 48, 1)} as preferred,
          1 + ${pick16(bits("g", 0, 16), VIEWS_PER_VISIT)} as wanted,
        from drawn) drawn
      join clock on clock.step = position // positions
    ), walked as (
      select placed.* exclude (wanted), category_slot, category_slots, g1.effect as effect1,
        g1.product as p1, g1.brand as b1, g1.category as c1,
        cart_chance, purchase_chance,
        (entry = 0 and ${bits("s", 0, 16)} < department_chance) or entry = 1 as in_department,
        (entry = 2 or (((entry = 0 and ${bits("s", 0, 16)} < department_chance) or entry = 1)
          and ${bits("s", 16, 16)} < product_chance))::integer * wanted as seen
      from placed
        join chances on chances.key = source * 8 + browser
        join goods g1 on g1.slot = slot1
    ), seen as (
      select *, ${later
        .map(
          (view) =>
            `case when seen >= ${view} then ${laterSlot(`v${view}`, "preferred")} else ${NO_VIEW} end as slot${view}`,
        )
        .join(", ")} from walked
    ), carted as (
      select seen.* exclude (effect1, ${later.map((view) => `slot${view}`).join(", ")}), ${views
        .map(
          (view) =>
            `(seen >= ${view} and ${bits(`v${view}`, 40, 16)} < cart_chance * ${
              view === 1 ? "effect1" : `g${view}.effect`
            })::integer as k${view}`,
        )
        .join(", ")}
        , ${later.map((view) => `g${view}.product as p${view}, g${view}.brand as b${view}, g${view}.category as c${view}`).join(", ")}
      from seen ${later.map((view) => `join goods g${view} on g${view}.slot = slot${view}`).join(" ")}
    ), bought as (
      select * exclude (${views.map((view) => `k${view}`).join(", ")}), ${views
        .map((view) => `${withinLimit(view)} as k${view}`)
        .join(", ")},
        ${views.map((view) => `k${view}`).join(" + ")} > 0 as has_cart,
        ${views.map((view) => `k${view}`).join(" + ")} > 0 and ${bits("s", 32, 16)} < purchase_chance as buys
      from carted
    ), known as (
      select *, ${maskSql(views)} as mask, buys or ${bits("g", 16, 16)} < ${of16(WALK.signedIn)} as signed_in
      from bought
    ), guessed as (
      select known.*, k.kind,
        case when lags.days < 0 or day - 1 - lags.days < 0 then -1 else day - 1 - lags.days end as registered
      from known
        join kind_wheel k on k.slot = ${bits("w", 8, KIND_BITS)}
        join kinds on kinds.kind = k.kind
        join lags on lags.key = kinds.loyalty * ${2 ** LAG_BITS} + ${bits("w", 20, LAG_BITS)}
    ), near as (
      select guessed.*, xor(preferred, (${bits("w", 0, 8)} >= ${Math.round(WALK.ownGender * 256)})::integer) as gender,
        least(guessed.customers_before - 1, case when registered < 0
          then (${bits("r", 0, 30)}::bigint * guessed.customers_before) >> 30
          else c.first_customer + ((${bits("r", 0, 30)}::bigint * c.customers) >> 30) end) // ${BLOCK} as block
      from guessed join calendar c on c.day = greatest(registered, 0)
    ), named as (
      select *, block * ${BLOCK} + ${positionOf("kind", "gender", "block", random)} as candidate from near
    ), identified as (
      select *, case when candidate < customers_before then candidate
        when candidate >= ${BLOCK} then candidate - ${BLOCK} else candidate % customers_before end as visitor,
        day_start + at_second as begun,
        least(20 + ${bits("g", 32, 12)} % 160, (86399 - at_second) // (bit_count(mask) + 1)) as gap
      from named
    )
    select visit, day, begun, gap, mask, source, browser, case when signed_in then visitor end as customer,
      ${placeOf("visitor", movesBefore("visitor", "begun", span, random), random)} as place,
      ${views.map((view) => `p${view}, b${view}, c${view}`).join(", ")},
      ${lateSql(daily)} as late
    from identified`
}

function lateSql(daily: Deliveries | undefined): string {
  if (daily === undefined || daily.last === daily.first) return "0"
  const delay = `1 + ${bits("g", 60, 4)} % 3`
  return `(case when day >= ${daily.first} and ${bits("g", 44, 16)} < ${of16(DAILY.lateVisits)}
    then least(${delay}, ${daily.last} - day) else 0 end)`
}

/** SQL: the slot of a visit's first product. */
function firstSlot(hash: string, preferred: string): string {
  const other = `(${bits(hash, 17, 8)} >= ${Math.round(WALK.ownDepartment * 256)})::integer`
  return `(xor(${preferred}, ${other}) * ${DEPARTMENT_SLOTS} + ${bits(hash, 0, 16)})`
}

/** SQL: the slot of a later product: of the first one's category, or any. */
function laterSlot(hash: string, preferred: string): string {
  return `case when ${bits(hash, 25, 8)} < ${Math.round(WALK.sameCategory * 256)}
    then category_slot + ${bits(hash, 0, 17)} % category_slots else ${firstSlot(hash, preferred)} end`
}

/** SQL: the second at which the step number `step` (from 1) of a visit happens: the first as the visit begins, none before the one before it. */
export function stepTime(step: string, random: Randomness): string {
  const jitter = `(${bits(random.hash("step", `visit * 32 + ${step}`), 0, 24)} % gap)`
  return `(begun + (${step} - 1) * gap + ${jitter} * (${step} > 1)::integer)`
}

function withinLimit(view: number): string {
  if (view <= CART_LIMIT) return `k${view}`
  const before = Array.from({ length: view - 1 }, (_, i) => `k${i + 1}`).join(" + ")
  return `k${view} * (${before} < ${CART_LIMIT})::integer`
}

function maskSql(views: readonly number[]): string {
  const between = (view: number) =>
    `(${bits(`v${view}`, 56, 8)} < ${Math.round(WALK.departmentBetween * 256)} and seen >= ${view})::integer`
  const terms = views.flatMap((view) => [
    `${view === 1 ? "in_department::integer" : between(view)} * ${2 ** productStep(view, 0)}`,
    `(seen >= ${view})::integer * ${2 ** productStep(view, 1)}`,
    `k${view} * ${2 ** productStep(view, 2)}`,
  ])
  return `((entry = 0)::integer * ${2 ** STEP.home} + ${terms.join(" + ")} + buys::integer * ${2 ** STEP.purchase}
    + (has_cart and not buys and ${bits("s", 48, 16)} < ${of16(WALK.cancel)})::integer * ${2 ** STEP.cancel})`
}

/** On the first day the shop opens at one o'clock, once its founding customers are registered. */
function secondOfDay(second: string): string {
  return `(case when day = 0 then 3600 + (${second}) * 23 // 24 else ${second} end)`
}

function shares(list: readonly { share: number }[]): number[] {
  return list.map((item) => item.share)
}
