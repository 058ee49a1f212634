/**
 * What the records of a tiny shop look like. Few values each, so that equal neighbours, returns to an earlier value and
 * collisions are frequent; some that no reader can read; references that lead nowhere.
 */
export const DATASET_NAMES = ["users", "products", "orders", "order_items", "events", "invoices"] as const
export type DatasetName = (typeof DATASET_NAMES)[number]

interface DatasetShape {
  source: "thelook" | "online_retail"
  /** The column that identifies a record; none for lines without a key. */
  key: string | undefined
  /** Column → the texts that it may have; one that stands there twice is twice as likely. */
  columns: Record<string, readonly string[]>
}

/** The hour at which every delivery shows the state of its source. */
export const asOf = (day: number): string => `2026-01-0${day + 1}T06:00:00.000Z`

/** Before all deliveries, just before, exactly at and after their hours, long after; and times that are none. */
const TIMES = [
  "2025-12-01 10:00:00 UTC",
  "2026-01-01 06:00:00 UTC",
  "2026-01-02 05:59:59.999999 UTC",
  "2026-01-02 06:00:00 UTC",
  "2026-01-03T06:00:00Z",
  "2026-01-03 18:30:00+00:00",
  "2026-01-05 06:00:00 UTC",
  "2026-02-01 00:00:00 UTC",
]
const SOME_BROKEN = [...TIMES, ...TIMES, "2026-13-01 10:00:00 UTC", "soon", ""]
const PERHAPS = [...TIMES.slice(2, 6), "", "", "", "", "later"]
const STATUSES = ["Processing", "Shipped", "Complete", "Returned", "Cancelled", "Lost", ""]
const IDS = ["1", "2", "3", "4", "2.0", "9", ""]
const TRAFFIC = ["Search", "Email", "Search", "Email", ""]
const CITIES = ["Paris", "York", "null", ""]
const STATES = ["Ohio", "null", "Ohio"]

export const DATASETS: Record<DatasetName, DatasetShape> = {
  users: {
    source: "thelook",
    key: "id",
    columns: {
      first_name: ["Ann", "Bob"],
      last_name: ["Lee", ""],
      email: ["a@example.com", "b@example.com"],
      age: ["30", "31.0", "old"],
      gender: ["F", "M"],
      state: STATES,
      street_address: ["1 Main St", "null"],
      postal_code: ["1", "1", "2", ""],
      city: CITIES,
      country: ["Brasil", "Brazil", "Spain", ""],
      latitude: ["1.5", "1.5", "north"],
      longitude: ["2"],
      traffic_source: TRAFFIC,
      created_at: SOME_BROKEN,
    },
  },
  products: {
    source: "thelook",
    key: "id",
    columns: {
      cost: ["1.5", "2", "2.00"],
      category: ["Hats", "Jeans", "Hats", ""],
      name: ["Hat", "Cap", ""],
      brand: ["Acme", "Bolt", "Acme", ""],
      retail_price: ["10", "10.00", "20", "-5", "free"],
      department: ["Men", "Women"],
      sku: ["A", "B"],
      distribution_center_id: ["1"],
    },
  },
  orders: {
    source: "thelook",
    key: "order_id",
    columns: {
      user_id: IDS,
      status: STATUSES,
      gender: ["F"],
      created_at: SOME_BROKEN,
      returned_at: PERHAPS,
      shipped_at: PERHAPS,
      delivered_at: PERHAPS,
      num_of_item: ["1", "2", "few"],
    },
  },
  order_items: {
    source: "thelook",
    key: "id",
    columns: {
      order_id: IDS,
      user_id: IDS,
      product_id: IDS,
      inventory_item_id: ["1"],
      status: STATUSES,
      created_at: SOME_BROKEN,
      shipped_at: PERHAPS,
      delivered_at: PERHAPS,
      returned_at: PERHAPS,
      sale_price: ["10", "10", "19.9999995", "0.1", "-5", "0", "free", ""],
    },
  },
  events: {
    source: "thelook",
    key: "id",
    columns: {
      user_id: IDS,
      sequence_number: ["1", "2", "3", "first"],
      session_id: ["s1", "s2", "s3", "s1", "s2", ""],
      created_at: SOME_BROKEN,
      ip_address: ["10.0.0.1"],
      city: CITIES,
      state: STATES,
      postal_code: ["1", "2", ""],
      browser: ["Chrome", "Safari", ""],
      traffic_source: TRAFFIC,
      uri: [
        "/product/1",
        "/product/2",
        "/product/8",
        "/cart",
        "/department/men/category/hats/brand/acme",
        "",
      ],
      event_type: ["product", "product", "cart", "purchase", "home", "wave", ""],
    },
  },
  invoices: {
    source: "online_retail",
    key: undefined,
    columns: {
      InvoiceNo: ["500001", "500002", "500003", "C500001", "A500001", ""],
      StockCode: ["85123A", "85123a", "71053", "POST", ""],
      Description: ["HEART", "LANTERN", ""],
      Quantity: ["6", "6", "-6", "1", "six"],
      InvoiceDate: ["12/1/2010 8:26", "12/1/2010 8:26", "12/2/2010 9:00", "1/3/2011 10:00", "soon"],
      UnitPrice: ["2.55", "2.55", "1", "0"],
      CustomerID: ["17850", "17850.0", "13047", ""],
      Country: ["United Kingdom", "EIRE", "Unspecified"],
    },
  },
}

/** A record as its file has it: column → text, in the file's order. */
export type TextRecord = Record<string, string>

/**
 * The record of a key in one of its looks. Look 0 has a value of the key's own in every column; each other look differs
 * from it in about a third of them, so most changes touch few columns.
 */
export function recordOf(salt: number, dataset: DatasetName, key: number, look: number): TextRecord {
  const { key: keyColumn, columns } = DATASETS[dataset]
  const record: TextRecord = keyColumn === undefined ? {} : { [keyColumn]: key === 0 ? "" : String(key) }
  for (const [column, texts] of Object.entries(columns)) {
    const seed = `${salt}/${dataset}/${column}/${key}`
    const changed = look > 0 && mixed(`${seed}/${look}/changed`) % 3 === 0
    record[column] = texts[mixed(changed ? `${seed}/${look}` : seed) % texts.length] as string
  }
  return record
}

/** FNV-1a with a final mix: an integer in 0 … 2³²−1 that looks random. */
function mixed(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
