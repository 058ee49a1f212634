import { CartwrightError } from "../core/errors.ts"
import type { Shop } from "./shop.ts"

/** The pages of a report, each on a view `report_<page>` of the readers' dataset (analytics/models/gold/reporting). */
export const REPORT_PAGES = ["overview", "funnel", "behaviour", "products", "customers", "data"] as const

const ADDRESS = "https://lookerstudio.google.com/reporting/create"

/**
 * The address that makes a Looker Studio report with the shop's reporting views as its data sources (Google's Linking API). It holds
 * no secret: whoever opens it reads with their own account.
 * @param template the id of a report whose data sources have the pages' names as aliases; without one the report is empty
 * @throws CartwrightError `unsupported` where the shop is not on BigQuery
 */
export function lookerStudioAddress(shop: Shop, template: string | undefined): string {
  if (shop.warehouse.type !== "bigquery") {
    const { line, column } = shop.placeOf(["warehouse", "type"])
    throw new CartwrightError("unsupported", "Looker Studio reads BigQuery, and the shop is on DuckDB", {
      place: `${shop.configFile}:${line}:${column}`,
      choices: ["bigquery"],
      next: "State warehouse.type: bigquery (docs/bigquery.md); other tools read the Parquet files of the published version.",
      state: "Nothing was changed.",
    })
  }
  const { project } = shop.warehouse
  const parameters: [string, string][] = [
    ...(template === undefined ? [] : [["c.reportId", template] as [string, string]]),
    ["c.mode", "edit"],
    ["r.reportName", shop.config.shop.name],
  ]
  for (const page of REPORT_PAGES) {
    const source = {
      connector: "bigQuery",
      datasourceName: `${shop.config.shop.name}: ${page}`,
      type: "TABLE",
      projectId: project,
      billingProjectId: project,
      datasetId: shop.config.publish.dataset,
      tableId: `report_${page}`,
    }
    for (const [key, value] of Object.entries(source)) parameters.push([`ds.${page}.${key}`, value])
  }
  return `${ADDRESS}?${parameters.map((pair) => pair.map(encodeURIComponent).join("=")).join("&")}`
}
