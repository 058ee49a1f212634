import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { cartwright } from "../../e2e/lib/cli.ts"
import type { Random } from "./random.ts"
import { csv, dayName, dayStart, evolve, type Files, type Row, type ShopKind } from "./shop.ts"

/** A shop as `cartwright init` makes it from theLook's tables, with the built-in dbt package: some ten rows a table. */
export const thelookShop: ShopKind = {
  name: "thelook",
  days: 3,
  dated: true,
  async make(home, random) {
    const made = await cartwright(["init", "files", "--dir", "shop"], { cwd: home })
    if (made.code !== 0) throw new Error(made.stderr)
    const config = join(home, "shop", "cartwright.yaml")
    const text = readFileSync(config, "utf8")
      .replace("engine: embedded", `engine: embedded\n  threads: ${random.int(1, 2)}`)
      .replace("keep: 5", "keep: 3")
      // A folder of one day is no pattern yet.
      .replaceAll(`${dayName(0)}/`, "date=*/")
    writeFileSync(config, text)
  },
  stories,
}

interface User {
  city: string
  age: number
  source: string
  created: Date
}

interface Order {
  user: number
  status: (typeof STATUSES)[number]
  created: Date
  /** Product and price in cents of each item. */
  items: [product: number, cents: number][]
}

function stories(random: Random): Files[] {
  const users = new Map<number, User>()
  const products = new Map<number, { name: string; cents: number }>()
  const orders = new Map<number, Order>()
  const events: Row[] = []
  const days: Files[] = []
  let files: Record<string, Files[string]> = {}
  for (let day = 0; day < 3; day++) {
    const moment = (hour: number) => new Date(dayStart(day).getTime() - 86_400_000 + hour * 3_600_000)
    const few = { most: 6, deletes: false }
    const user = (): User => ({
      city: random.pick(CITIES),
      age: random.int(18, 70),
      source: random.pick(["Search", "Email"]),
      created: moment(random.int(0, 5)),
    })
    const product = () => ({ name: `Coat ${random.int(1, 99)}`, cents: random.int(500, 9000) })
    if (day === 0) for (let id = 1; id <= 3; id++) users.set(id, user())
    if (day === 0) for (let id = 1; id <= 3; id++) products.set(id, product())
    evolve(users, random, user, (each) => ({ ...each, city: random.pick(CITIES) }), few)
    evolve(products, random, product, (each) => ({ ...each, cents: each.cents + 100 }), few)
    const order = (): Order => ({
      user: random.int(1, users.size),
      status: "Processing",
      created: moment(random.int(6, 20)),
      items: Array.from({ length: random.int(1, 3) }, () => [
        random.int(1, products.size),
        random.int(500, 9000),
      ]),
    })
    evolve(orders, random, order, (each) => ({ ...each, status: random.pick(STATUSES) }), few)
    for (let visit = random.int(1, 3); visit > 0; visit--) {
      const session = `session-${events.length}`
      const visitor = random.chance(0.5) ? random.int(1, users.size) : undefined
      for (let n = 1; n <= random.int(1, 4); n++) {
        const type = random.pick(["home", "department", "product", "cart"])
        const place = [session, time(moment(6 + n)), "10.0.0.1", random.pick(CITIES), "Somewhere", "1000"]
        events.push([events.length + 1, visitor, n, ...place, "Chrome", "Email", `/${type}`, type])
      }
    }
    // The second day may come late, after the third, or bring a broken line.
    files = { ...files, ...delivery(day, { users, products, orders, events }, random.chance(0.5)) }
    days.push(files)
  }
  const late = random.chance(0.5)
  if (late && days.length === 3) {
    const second = dayName(1)
    days[1] = Object.fromEntries(
      Object.entries(days[2] as Files).filter(([name]) => !name.startsWith(second)),
    )
  }
  return days
}

interface State {
  users: Map<number, User>
  products: Map<number, { name: string; cents: number }>
  orders: Map<number, Order>
  events: readonly Row[]
}

function delivery(day: number, { users, products, orders, events }: State, broken: boolean): Files {
  const files: Record<string, Files[string]> = {}
  const put = (table: string, columns: string, rows: readonly Row[]) => {
    const [head, ...rest] = csv(columns.split(" "), rows).split("\n")
    const text = [head, ...(broken && table === "events" ? ["half a line"] : []), ...rest].join("\n")
    files[`${dayName(day)}/${table}.csv`] = {
      content: text,
      modified: new Date(dayStart(day).getTime() + 3_600_000),
    }
  }
  const passed = (order: Order) => {
    const at = (status: Order["status"], hours: number) =>
      STATUSES.indexOf(order.status) >= STATUSES.indexOf(status)
        ? time(new Date(order.created.getTime() + hours * 3_600_000))
        : undefined
    return { shipped: at("Shipped", 5), delivered: at("Complete", 9), returned: at("Returned", 14) }
  }
  put(
    "users",
    "id first_name last_name email age gender state street_address postal_code city country latitude longitude traffic_source created_at",
    [...users].map(([id, { age, city, source, created }]) => [
      id,
      "A",
      `B${id}`,
      `${id}@example.com`,
      age,
      "F",
      "S",
      "1 Road",
      "1000",
      city,
      "Belgium",
      50.1,
      4.2,
      source,
      time(created),
    ]),
  )
  put(
    "products",
    "id cost category name brand retail_price department sku distribution_center_id",
    [...products].map(([id, { name, cents }]) => [
      id,
      (cents / 200).toFixed(2),
      "Coats",
      name,
      "Brand",
      (cents / 100).toFixed(2),
      "Men",
      `SKU${id}`,
      1,
    ]),
  )
  put(
    "orders",
    "order_id user_id status gender created_at returned_at shipped_at delivered_at num_of_item",
    [...orders].map(([id, order]) => {
      const { shipped, delivered, returned } = passed(order)
      return [
        id,
        order.user,
        order.status,
        "F",
        time(order.created),
        returned,
        shipped,
        delivered,
        order.items.length,
      ]
    }),
  )
  put(
    "order_items",
    "id order_id user_id product_id inventory_item_id status created_at shipped_at delivered_at returned_at sale_price",
    [...orders].flatMap(([id, order]) => {
      const { shipped, delivered, returned } = passed(order)
      return order.items.map(([product, cents], i) => [
        id * 10 + i,
        id,
        order.user,
        product,
        id * 10 + i,
        order.status,
        time(order.created),
        shipped,
        delivered,
        returned,
        (cents / 100).toFixed(2),
      ])
    }),
  )
  put(
    "events",
    "id user_id sequence_number session_id created_at ip_address city state postal_code browser traffic_source uri event_type",
    events,
  )
  return files
}

function time(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`
}

const CITIES = ["Delft", "Ghent", "Izmir", "Oslo"]
const STATUSES = ["Processing", "Shipped", "Complete", "Returned"] as const
