// Loads a Parquet file as bronze does. Arguments: the server's address, the file, and gs://bucket/prefix to go through a bucket.
import { gcsStorage } from "../../src/storage/gcs/gcs-storage.ts"
import { openBigQuery } from "../../src/warehouse/bigquery/bigquery-warehouse.ts"

const [endpoint, path, uri] = process.argv.slice(2)
const warehouse = await openBigQuery({
  project: "bench",
  location: "EU",
  shop: "bench",
  run: "bench",
  endpoint,
  credentials: { accessToken: "made-up" },
  ...(uri === undefined ? {} : { staging: () => gcsStorage({ uri, endpoint }) }),
})
await warehouse.loadParquet("bronze", "cartwright_staged", { path, columns: [] })
await warehouse.close()
