/** A data set that has models of its own, and how its files are known: by their columns. */
export interface KnownDataset {
  source: string
  dataset: string
  /** Columns that the files have, whatever their order and letter case. */
  columns: readonly string[]
  /** Columns that only some of them have. */
  optional?: readonly string[]
  key?: readonly string[]
  /** False: no model reads it. @defaultValue true */
  modelled?: boolean
}

export interface KnownSource {
  name: string
  title: string
  /** The currency of its amounts. */
  currency: string
}

export const KNOWN_SOURCES: readonly KnownSource[] = [
  { name: "thelook", title: "theLook e-commerce", currency: "USD" },
  { name: "online_retail", title: "Online Retail (UCI)", currency: "GBP" },
]

export const KNOWN_DATASETS: readonly KnownDataset[] = [
  {
    source: "thelook",
    dataset: "users",
    columns: list(
      "id first_name last_name email age gender state street_address postal_code city country latitude longitude traffic_source created_at",
    ),
    optional: ["user_geom"],
    key: ["id"],
  },
  {
    source: "thelook",
    dataset: "products",
    columns: list("id cost category name brand retail_price department sku distribution_center_id"),
    key: ["id"],
  },
  {
    source: "thelook",
    dataset: "orders",
    columns: list(
      "order_id user_id status gender created_at returned_at shipped_at delivered_at num_of_item",
    ),
    key: ["order_id"],
  },
  {
    source: "thelook",
    dataset: "order_items",
    columns: list(
      "id order_id user_id product_id inventory_item_id status created_at shipped_at delivered_at returned_at sale_price",
    ),
    key: ["id"],
  },
  {
    source: "thelook",
    dataset: "events",
    columns: list(
      "id user_id sequence_number session_id created_at ip_address city state postal_code browser traffic_source uri event_type",
    ),
    key: ["id"],
  },
  {
    source: "thelook",
    dataset: "distribution_centers",
    columns: list("id name latitude longitude"),
    optional: ["distribution_center_geom"],
    key: ["id"],
    modelled: false,
  },
  {
    source: "thelook",
    dataset: "inventory_items",
    columns: list(
      "id product_id created_at sold_at cost product_category product_name product_brand product_retail_price product_department product_sku product_distribution_center_id",
    ),
    key: ["id"],
    modelled: false,
  },
  {
    source: "online_retail",
    dataset: "invoices",
    columns: list("InvoiceNo StockCode Description Quantity InvoiceDate UnitPrice CustomerID Country"),
  },
]

function list(names: string): string[] {
  return names.split(" ")
}
