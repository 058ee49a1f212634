import { messageOf } from "../../core/errors.ts"
import { isBucketUri } from "../../storage/bucket-uri.ts"
import { cloudError } from "../../storage/gcs/cloud-errors.ts"
import { keyFileOf } from "../open-storage.ts"
import type { Shop } from "../shop.ts"
import { type BucketWanted, examineBucket } from "./buckets.ts"
import { type BigQueryWanted, examineBigQuery } from "./bigquery.ts"
import { type Finding, fine, lacking } from "./finding.ts"
import { addressesFrom, type Google, type GoogleAddresses, signIn } from "./google.ts"
import { examineMachine } from "./machine.ts"

/**
 * Looks at all that a run needs: this machine, the shop's folders, and what it uses of Google Cloud. Changes nothing, starts no job
 * that costs anything, and never throws for what it finds.
 */
export async function examine(
  shop: Shop,
  environment: Readonly<Record<string, string | undefined>>,
  addresses = addressesFrom(environment),
): Promise<Finding[]> {
  return [
    fine("configuration", shop.configFile),
    ...(await examineMachine(shop)),
    ...(await examineCloud(shop, addresses)),
  ]
}

async function examineCloud(shop: Shop, addresses: GoogleAddresses): Promise<Finding[]> {
  const buckets = bucketsOf(shop)
  const bigQuery = bigQueryOf(shop)
  if (buckets.length === 0 && bigQuery === undefined) return []
  const keyFile = keyFileOf(shop)
  let google: Google
  try {
    google = await signIn(keyFile, addresses)
  } catch (error) {
    return [noCredentials(error, keyFile, bigQuery?.project)]
  }
  const findings = [fine("credentials", keyFile ?? "Application Default Credentials")]
  const looked = async (area: string, look: Promise<Finding[]>) => {
    findings.push(...(await look.catch((error: unknown) => [unanswered(area, error)])))
  }
  if (bigQuery !== undefined) await looked("BigQuery", examineBigQuery(google, bigQuery))
  for (const bucket of buckets) await looked(bucket.uri, examineBucket(google, bucket))
  return findings
}

function unanswered(area: string, error: unknown): Finding {
  const mend = "Check the network and https://status.cloud.google.com"
  return lacking(area, `does not answer: ${messageOf(error)}`, mend)
}

function noCredentials(error: unknown, keyFile: string | undefined, project = "PROJECT"): Finding {
  const { message } = cloudError("looking at", "", "", error)
  const mend =
    keyFile === undefined
      ? "gcloud auth application-default login"
      : `gcloud iam service-accounts keys create ${keyFile} --iam-account=cartwright@${project}.iam.gserviceaccount.com`
  return lacking("credentials", message, mend)
}

function bigQueryOf({ warehouse, layers, config }: Shop): BigQueryWanted | undefined {
  if (warehouse.type !== "bigquery") return undefined
  const { project, location } = warehouse
  return {
    project,
    location,
    datasets: [...new Set([...Object.values<string>({ ...layers }), config.publish.dataset])],
  }
}

/** Those that are written first; each once. */
function bucketsOf({ paths, sources, warehouse, config }: Shop): BucketWanted[] {
  const { location: datasets, project } = warehouse.type === "bigquery" ? warehouse : {}
  const ours = [paths.lake, ...(config.publish.export === undefined ? [] : [config.publish.export])]
  const uris = [...ours, ...sources.map(({ files }) => files.path)].filter(isBucketUri)
  const byBucket = new Map(uris.map((uri) => [uri.split("/")[2], uri] as const).reverse())
  return [...byBucket.values()].reverse().map((uri) => ({
    uri,
    written: ours.includes(uri),
    datasets: ours.includes(uri) ? datasets : undefined,
    project,
  }))
}
