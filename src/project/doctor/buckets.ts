import { parseBucketUri } from "../../storage/bucket-uri.ts"
import { doubtful, type Finding, fine, lacking, untold } from "./finding.ts"
import { type Google, isDisabled } from "./google.ts"
import { canLoad } from "./locations.ts"

export interface BucketWanted {
  /** `gs://bucket/…` */
  uri: string
  /** Whether the shop writes there: its lake, and published files. */
  written: boolean
  /** Where the datasets are that are loaded from it; undefined for DuckDB. */
  datasets: string | undefined
  /** For the commands that mend. */
  project: string | undefined
}

const READ = ["storage.objects.get", "storage.objects.list"]
const WRITE = [...READ, "storage.objects.create"]
/** What is on its way into BigQuery, or was published before, goes again. */
const WRITE_FOR_BIGQUERY = [...WRITE, "storage.objects.delete"]

interface BucketResource {
  location?: string
  customPlacementConfig?: { dataLocations?: string[] }
  iamConfiguration?: { uniformBucketLevelAccess?: { enabled?: boolean } }
  versioning?: { enabled?: boolean }
}

export async function examineBucket(google: Google, wanted: BucketWanted): Promise<Finding[]> {
  const { bucket = "" } = parseBucketUri(wanted.uri) ?? {}
  const subject = `bucket ${bucket}`
  const { datasets = "EU", project = "PROJECT" } = wanted
  const address = `${google.addresses.storage}/storage/v1/b/${bucket}`
  const described = await google.ask(address)
  if (isDisabled(described)) {
    const enable = `gcloud services enable storage.googleapis.com --project=${project}`
    return [lacking(subject, "the Cloud Storage API is not enabled", enable)]
  }
  if (described.status === 404) {
    const create = `gcloud storage buckets create gs://${bucket} --project=${project} --location=${datasets} --uniform-bucket-level-access`
    return [lacking(subject, "is not there", create)]
  }
  const rights = await examineRights(google, subject, bucket, wanted)
  if (described.status >= 300) {
    const look = `gcloud storage buckets describe gs://${bucket} --format="yaml(location,uniform_bucket_level_access,versioning_enabled)"`
    return [
      ...rights,
      untold(subject, `its location and settings cannot be seen: ${described.message}`, look),
    ]
  }
  return [...rights, ...examineSettings(subject, bucket, described.body as BucketResource, wanted)]
}

async function examineRights(
  google: Google,
  subject: string,
  bucket: string,
  { written, datasets }: BucketWanted,
): Promise<Finding[]> {
  if (google.addresses.projects === undefined) return []
  const needed = written ? (datasets === undefined ? WRITE : WRITE_FOR_BIGQUERY) : READ
  const query = needed.map((permission) => `permissions=${permission}`).join("&")
  const reply = await google.ask(
    `${google.addresses.storage}/storage/v1/b/${bucket}/iam/testPermissions?${query}`,
  )
  if (reply.status >= 300) return [untold(subject, `it does not tell the permissions: ${reply.message}`)]
  const { permissions: held = [] } = reply.body as { permissions?: string[] }
  const missing = needed.filter((permission) => !held.includes(permission))
  if (missing.length === 0) return [fine(subject, written ? "may be read and written" : "may be read")]
  const role = written ? "roles/storage.objectAdmin" : "roles/storage.objectViewer"
  return [
    lacking(
      subject,
      `the account lacks ${missing.join(", ")}`,
      `gcloud storage buckets add-iam-policy-binding gs://${bucket} --member=${google.member} --role=${role}`,
    ),
  ]
}

function examineSettings(
  subject: string,
  bucket: string,
  { location = "", customPlacementConfig, iamConfiguration, versioning }: BucketResource,
  { written, datasets }: BucketWanted,
): Finding[] {
  const findings: Finding[] = []
  const placement = { location, dataLocations: customPlacementConfig?.dataLocations ?? [] }
  if (datasets === undefined || canLoad(datasets, placement))
    findings.push(fine(subject, `is in ${location}`))
  else {
    findings.push(
      lacking(
        subject,
        `is in ${location}, from where BigQuery does not load into ${datasets}`,
        `Use a bucket in ${datasets}, or datasets in ${location}: neither can be moved.`,
      ),
    )
  }
  if (!written) return findings
  if (iamConfiguration?.uniformBucketLevelAccess?.enabled !== true) {
    findings.push(
      doubtful(
        subject,
        "each object may have rights of its own",
        `gcloud storage buckets update gs://${bucket} --uniform-bucket-level-access`,
      ),
    )
  }
  if (versioning?.enabled !== true) {
    findings.push(
      doubtful(
        subject,
        "a deleted object of the lake cannot be brought back",
        `gcloud storage buckets update gs://${bucket} --versioning`,
      ),
    )
  }
  return findings
}
