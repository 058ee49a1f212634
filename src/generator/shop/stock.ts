import { type Column, column, csvText, nullable } from "../files/columns.ts"
import type { Randomness } from "../random.ts"
import { soldItems } from "./orders.ts"

/** How many inventory items there are per 10 items sold. */
export const STOCK_PER_TEN = 27

/** What an inventory item repeats of its product, over `products` joined to `prices`. */
export const STOCK_COLUMNS: readonly Column[] = [
  column("cost", "money"),
  column("product_category", "text", "category_name"),
  nullable("product_name", "quoted", "name"),
  nullable("product_brand", "quoted", "brand_name"),
  column("product_retail_price", "money", "retail_price"),
  column("product_department", "text", "department"),
  column("product_sku", "text", "sku"),
  column("product_distribution_center_id", "integer", "center"),
]

/** SQL that creates `stock_texts`: the end of a piece of stock's CSV line, by product and version of its price. */
export function stockTextsTable(): string {
  const text = STOCK_COLUMNS.map((column) => csvText(column, "")).join(" || ',' || ")
  return `create or replace table stock_texts as select product * 2 + price_key % 8 // 4 as stock_key, ${text} as stock_text
    from products join prices on price_key // 8 = product where price_key % 4 = 0 order by stock_key`
}

/**
 * SQL: the inventory items, from 0: each item sold came out of the stock, together with one or two pieces that were not
 * sold.
 * @param products how many there are
 */
export function stockOf(orders: string, products: number, start: number, random: Randomness): string {
  const other = `1 + ((${random.hash("stock", "stock_item")} & 1073741823)::bigint % ${products})`
  const age = `86400 + (((${random.hash("stock age", "stock_item")} & 16777215)::bigint * 5097600) >> 24)`
  return `select stock_item, case when is_sold then sold_product else ${other} end as product, version,
      case when is_sold then created end as sold_at, greatest(created - (${age}), ${start}) as stocked
    from (
      select *, stock_item = item * ${STOCK_PER_TEN} // 10 as is_sold from (
        select item, i.product as sold_product, created, coalesce(price_changed_at <= created, false)::integer as version,
          unnest(range(item * ${STOCK_PER_TEN} // 10, (item + 1) * ${STOCK_PER_TEN} // 10)) as stock_item
        from (${soldItems(orders)}) i join products on products.product = i.product))`
}
