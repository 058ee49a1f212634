import { DEMAND, DAILY } from "../planted.ts"
import { bits, of16, type Randomness, wheel } from "../random.ts"
import { literalTable } from "../sql.ts"
import { CATEGORIES } from "../words/categories.ts"
import { ADJECTIVES, BRAND_ENDS, BRAND_STARTS, COLORS, ENDINGS, MATERIALS } from "../words/goods.ts"
import { CENTERS } from "../words/places.ts"

/** Slots of each department on the wheel that product views are drawn from; Women first, then Men. */
export const DEPARTMENT_SLOTS = 65_536
/** The slot that stands for "no product viewed". */
export const NO_VIEW = 2 * DEPARTMENT_SLOTS

const PRICE_LEVELS = 64
const POPULARITY_LEVELS = 256

/** The first and the number of daily deliveries in which prices may change. */
export interface PriceWindow {
  /** Epoch second of the second delivery's midnight. */
  start: number
  days: number
}

/**
 * SQL statements that create `products`, `prices` (per product, version and discount) and `goods`, the wheel of product
 * views: slot → product, its effect on demand (mean 1 within its category), the range of its category's slots.
 */
export function catalogStatements(
  count: number,
  random: Randomness,
  window: PriceWindow,
  money: (this: void, sql: string) => string,
): string[] {
  return [
    categoryTable(),
    literalTable("category_wheel", {
      "slot integer": range(1024),
      "category integer": wheel(
        CATEGORIES.map((category) => category.share),
        1024,
      ),
    }),
    ...brandTables(count),
    literalTable("price_levels", {
      "level integer": range(PRICE_LEVELS),
      "multiplier double": range(PRICE_LEVELS).map(priceMultiplier),
      "demand integer": range(PRICE_LEVELS).map(priceDemand),
    }),
    literalTable("popularity", {
      "level integer": range(POPULARITY_LEVELS),
      "weight integer": range(POPULARITY_LEVELS).map((level) =>
        Math.round(40 * (1 - (level + 0.5) / POPULARITY_LEVELS) ** -0.7),
      ),
    }),
    literalTable("centers", {
      "id integer": CENTERS.map((_, i) => i + 1),
      "name varchar": CENTERS.map(([name]) => name),
      "latitude varchar": CENTERS.map(([, latitude]) => String(latitude)),
      "longitude varchar": CENTERS.map(([, , longitude]) => String(longitude)),
    }),
    productTable(count, random, window),
    pricesTable(money),
    wheelTable(),
    ...lookups(),
  ]
}

/** How often a product of this price level goes into the cart, in 10,000ths of one at the category's usual price. */
function priceDemand(level: number): number {
  return Math.round(10_000 * priceMultiplier(level) ** -DEMAND.priceElasticity)
}

/** Price of this level relative to the category's usual price: log-logistic, from about 0.37 to 2.7. */
export function priceMultiplier(level: number): number {
  const quantile = (level + 0.5) / PRICE_LEVELS
  return (quantile / (1 - quantile)) ** 0.206
}

/** The names of all brands, the largest first. */
export function brandNames(products: number): string[] {
  const count = Math.min(BRAND_STARTS.length * BRAND_ENDS.length, Math.max(40, Math.round(products / 8)))
  return range(count).map((rank) => {
    const start = BRAND_STARTS[rank % BRAND_STARTS.length] ?? ""
    const end = BRAND_ENDS[(Math.floor(rank / BRAND_STARTS.length) + rank * 7) % BRAND_ENDS.length] ?? ""
    return start + end
  })
}

function categoryTable(): string {
  return literalTable("categories", {
    "category integer": CATEGORIES.map((_, i) => i),
    "department varchar": CATEGORIES.map((category) => category.department),
    "name varchar": CATEGORIES.map((category) => category.name),
    "price double": CATEGORIES.map((category) => category.price),
    "returned integer": CATEGORIES.map((category) => of16(category.returned)),
    "nouns varchar": CATEGORIES.map((category) => category.nouns.join("|")),
  })
}

function brandTables(products: number): string[] {
  const names = brandNames(products)
  return [
    literalTable("brands", {
      "brand integer": names.map((_, i) => i),
      "name varchar": names,
      "demand integer": names.map((_, i) => Math.round(100 * (DEMAND.brands[i] ?? 1))),
    }),
    literalTable("brand_wheel", {
      "slot integer": range(8192),
      "brand integer": wheel(
        names.map((_, rank) => 1 / (rank + 12)),
        8192,
      ),
    }),
  ]
}

function productTable(count: number, random: Randomness, window: PriceWindow): string {
  const word = (list: readonly string[], draw: string) =>
    `([${list.map((item) => `'${item.replaceAll("'", "''")}'`).join(",")}])[1 + ${draw} % ${list.length}]`
  const nameless = 1 + Math.floor(random.unit("product without a name", 0) * count)
  const brandless = 1 + Math.floor(random.unit("product without a brand", 0) * count)
  const h = (purpose: string) => random.hash(purpose, "product")
  const changes = of16(Math.min(1, DAILY.priceChanges * window.days))
  return `create or replace table products as
    with drawn as (
      select product, ${h("product")} as h, ${h("product name")} as n, ${h("product price")} as p,
        ${h("price change")} as c, md5(${random.salt("sku")} || product) as digest
      from (select range + 1 as product from range(${count}))
    ), priced as (
      select drawn.*, c.category, c.department, c.name as category_name, c.nouns, c.returned, b.brand,
        b.name as brand_name, b.demand as brand_demand, l.level, l.demand as price_demand, w.weight,
        greatest(2, floor(c.price * l.multiplier))::integer * 100
          + ([99, 99, 95, 0, 0, 50])[1 + ${bits("p", 8, 16)} % 6] as cents
      from drawn
        join category_wheel cw on cw.slot = ${bits("h", 0, 10)} join categories c on c.category = cw.category
        join brand_wheel bw on bw.slot = ${bits("h", 10, 13)} join brands b on b.brand = bw.brand
        join price_levels l on l.level = ${bits("p", 0, 6)}
        join popularity w on w.level = ${bits("h", 24, 8)}
    )
    select product, category, department, category_name, returned, level, price_demand, brand, brand_demand, weight,
      case when product = ${brandless} or ${bits("h", 32, 16)} < 52 then null else brand_name end as brand_name,
      case when product = ${nameless} or ${bits("h", 48, 16)} < 5 then null else
        concat_ws(' ', brand_name, case when ${bits("n", 0, 2)} > 0 then department || '''s' end,
          case when ${bits("n", 2, 2)} > 0 then ${word(ADJECTIVES, bits("n", 4, 10))} end,
          case when ${bits("n", 14, 1)} = 0 then ${word(MATERIALS, bits("n", 16, 10))} end,
          string_split(nouns, '|')[1 + ${bits("n", 26, 10)} % len(string_split(nouns, '|'))])
        || case when ${bits("n", 36, 3)} = 0 then ${word(ENDINGS, bits("n", 39, 8))}
             when ${bits("n", 36, 3)} < 3 then ' - ' || ${word(COLORS, bits("n", 39, 8))} else '' end
      end as name,
      upper(digest) as sku,
      1 + ${bits("p", 24, 16)} % ${CENTERS.length} as center,
      cents,
      round(cents * ([0.9, 0.95, 1.05, 1.1])[1 + ${bits("c", 16, 2)}])::integer as later_cents,
      ((350 + ${bits("p", 40, 16)} % 300) / 1000)::float::double as cost_ratio,
      case when ${bits("c", 0, 16)} < ${changes}
        then ${window.start} + (${bits("c", 0, 16)} * ${window.days} // greatest(${changes}, 1)) * 86400 + 21600 end
        as price_changed_at
    from priced order by product`
}

function pricesTable(money: (this: void, sql: string) => string): string {
  const price = "((case when version = 0 then cents else later_cents end) / 100)::float::double"
  const sold = `(round((case when version = 0 then cents else later_cents end) * (100 - 10 * step) / 100) / 100)::float::double`
  return `create or replace table prices as
    select product * 8 + version * 4 + step as price_key, ${money(price)} as retail_price, ${money(sold)} as sale_price,
      ${money(`${price} * cost_ratio`)} as cost
    from products, (select unnest([0, 1]) as version), (select unnest([0, 1, 2, 3]) as step)
    order by price_key`
}

/**
 * Lists to look a text up in by number. A join would lose the order of the rows that are written; a list of some thousand
 * texts costs little more.
 */
function lookups(): string[] {
  const short = (name: string) => `replace(lower(${name}), ' ', '')`
  return [
    `set variable department_paths = (select list('/department/' || lower(department) || '/category/' || ${short("name")} || '/brand/'
      order by category) from categories)`,
    `set variable brand_paths = (select [''] || list(${short("name")} order by brand) from brands)`,
  ]
}

function wheelTable(): string {
  return `create or replace table goods as
    with weighted as (
      select *, (price_demand * brand_demand)::bigint as demand,
        sum(weight) over (partition by department order by category, product rows unbounded preceding) as upto,
        sum(weight) over (partition by department) as total,
        case department when 'Women' then 0 else ${DEPARTMENT_SLOTS} end as base
      from products
    ), cut as (
      select *, base + ((upto - weight) * ${DEPARTMENT_SLOTS} // total)::integer as first_slot,
        base + (upto * ${DEPARTMENT_SLOTS} // total)::integer as next_slot from weighted
    ), normed as (
      select *, min(first_slot) over (partition by category) as category_slot,
        max(next_slot) over (partition by category) - min(first_slot) over (partition by category) as category_slots,
        demand * (sum(next_slot - first_slot) over (partition by category))::double
          / greatest(1, sum((next_slot - first_slot) * demand) over (partition by category))::double as effect
      from cut
    )
    select * from (
      select unnest(range(first_slot, next_slot))::integer as slot, product::integer as product,
        case when brand_name is null then 0 else brand + 1 end::smallint as brand, category::tinyint as category, effect,
        category_slot, category_slots
      from normed
      union all
      select ${NO_VIEW}, null, null, null, 0, null, null)
    order by slot`
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}
