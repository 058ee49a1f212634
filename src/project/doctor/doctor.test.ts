import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, expect, test } from "vitest"
import { failed, type Reply, startStub, type Stub } from "../../warehouse/bigquery/stub.fixture.ts"
import { openShop } from "../shop.ts"
import { examine } from "./doctor.ts"

const ACCOUNT = "loader@my-project.iam.gserviceaccount.com"

/** Breaks the connection. */
const BROKEN = {}

let stub: Stub | undefined
afterEach(() => stub?.stop())

/**
 * What the doctor finds in the cloud, told as `status subject: detail`, with what mends it on lines of its own; by a service that
 * answers as its documentation says, and in everything else is fine.
 */
async function found(special: Reply, more = ""): Promise<string[]> {
  stub = await startStub((request) => {
    const given = special(request)
    return given === BROKEN ? undefined : (given ?? healthy(request))
  })
  const folder = mkdtempSync(join(tmpdir(), "cartwright-doctor-"))
  writeFileSync(join(folder, "token"), "subject")
  writeFileSync(join(folder, "key.json"), JSON.stringify(federation(stub.url, join(folder, "token"))))
  writeFileSync(
    join(folder, "cartwright.yaml"),
    `shop: {name: x}
sources: {s: {files: {path: gs://exports-bucket/x, datasets: {d: {files: "*.csv"}}}}}
warehouse: {type: bigquery, project: my-project, location: EU, credentials: key.json}
lake: {path: gs://my-bucket/lake}
transform: {dbt: /no/such/dbt}
${more}`,
  )
  const { url } = stub
  const findings = await examine(openShop(folder, folder), {}, { bigquery: url, storage: url, projects: url })
  return findings
    .filter(({ subject }) => !/^(configuration|node|folders|source|dbt)/.test(subject))
    .flatMap(({ status, subject, detail, mend }) => [
      `${status} ${subject}: ${detail.replace(folder, "")}`,
      ...mend.map((line) => `  ${line}`),
    ])
}

/** A key file whose tokens the stub gives out. */
function federation(url: string, file: string): object {
  return {
    type: "external_account",
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/p",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `${url}/token`,
    service_account_impersonation_url: `${url}/v1/projects/-/serviceAccounts/${ACCOUNT}:generateAccessToken`,
    credential_source: { file },
  }
}

/** An account with the roles that docs/bigquery.md asks for, and datasets and buckets as it says. */
const healthy: Reply = ({ path, query }) => {
  if (path === "/token")
    return { access_token: "federated", token_type: "Bearer", expires_in: 3600, issued_token_type: "x" }
  if (path.endsWith(":generateAccessToken"))
    return { accessToken: "made-up", expireTime: new Date(Date.now() + 3_600_000).toISOString() }
  if (path === "jobs") return { status: { state: "DONE" }, statistics: { totalBytesProcessed: "0" } }
  if (path.endsWith(":testIamPermissions")) return {}
  if (path.startsWith("datasets/"))
    return { location: "EU", access: [{ role: "WRITER", userByEmail: ACCOUNT }] }
  if (path.endsWith("/testPermissions")) return { permissions: query.getAll("permissions") }
  return {
    location: "EU",
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
    versioning: { enabled: true },
  }
}

test("with all that is needed, everything is fine", async () => {
  expect(await found(() => undefined)).toMatchInlineSnapshot(`
    [
      "ok credentials: /key.json",
      "ok BigQuery in my-project: the interface is enabled and jobs may be started in EU",
      "ok dataset bronze: is in EU and may be changed",
      "ok dataset silver: is in EU and may be changed",
      "ok dataset gold: is in EU and may be changed",
      "ok dataset quality: is in EU and may be changed",
      "ok dataset meta: is in EU and may be changed",
      "ok dataset published: is in EU and may be changed",
      "ok bucket my-bucket: may be read and written",
      "ok bucket my-bucket: is in EU",
      "ok bucket exports-bucket: may be read",
      "ok bucket exports-bucket: is in EU",
    ]
  `)
  expect(stub?.requests.at(-1)?.authorization).toBe("Bearer made-up")
})

test("what nobody set up is told with the lines that do", async () => {
  const lines = await found(({ path }) => {
    if (path.endsWith(":testIamPermissions")) return { permissions: ["bigquery.datasets.get"] }
    if (path === "datasets/gold")
      return failed(404, "notFound", "Not found: Dataset my-project:gold was not found in location EU")
    if (path === "datasets/silver")
      return failed(
        403,
        "accessDenied",
        "Access Denied: Dataset my-project:silver: Permission bigquery.datasets.get denied on dataset my-project:silver (or it may not exist).",
      )
    if (path === "datasets/quality") return { location: "US", access: [] }
    if (path === "datasets/bronze")
      return { location: "EU", access: [{ role: "READER", userByEmail: ACCOUNT }] }
    if (path.startsWith("/storage/v1/b/my-bucket/iam")) return { permissions: ["storage.objects.get"] }
    if (path === "/storage/v1/b/my-bucket") return { location: "US-EAST1" }
    if (path === "/storage/v1/b/exports-bucket")
      return failed(404, "notFound", "The specified bucket does not exist.")
    return undefined
  })
  expect(lines).toMatchInlineSnapshot(`
    [
      "ok credentials: /key.json",
      "ok BigQuery in my-project: the interface is enabled and jobs may be started in EU",
      "missing dataset bronze: the account may not change it: roles/bigquery.dataEditor is missing",
      "  bq query --location=EU --project_id=my-project --use_legacy_sql=false 'grant \`roles/bigquery.dataEditor\` on schema \`my-project.bronze\` to "serviceAccount:loader@my-project.iam.gserviceaccount.com"'",
      "missing dataset silver: is not there, or the account may not see it",
      "  bq --location=EU mk --dataset my-project:silver",
      "  bq query --location=EU --project_id=my-project --use_legacy_sql=false 'grant \`roles/bigquery.dataEditor\` on schema \`my-project.silver\` to "serviceAccount:loader@my-project.iam.gserviceaccount.com"'",
      "missing dataset gold: is not there, and the account may not make it",
      "  bq --location=EU mk --dataset my-project:gold",
      "  bq query --location=EU --project_id=my-project --use_legacy_sql=false 'grant \`roles/bigquery.dataEditor\` on schema \`my-project.gold\` to "serviceAccount:loader@my-project.iam.gserviceaccount.com"'",
      "missing dataset quality: is in US, and warehouse.location is EU",
      "  State warehouse.location: US, or another name for the dataset; a dataset cannot be moved.",
      "ok dataset meta: is in EU and may be changed",
      "ok dataset published: is in EU and may be changed",
      "missing bucket my-bucket: the account lacks storage.objects.list, storage.objects.create, storage.objects.delete",
      "  gcloud storage buckets add-iam-policy-binding gs://my-bucket --member=serviceAccount:loader@my-project.iam.gserviceaccount.com --role=roles/storage.objectAdmin",
      "missing bucket my-bucket: is in US-EAST1, from where BigQuery does not load into EU",
      "  Use a bucket in EU, or datasets in US-EAST1: neither can be moved.",
      "warning bucket my-bucket: each object may have rights of its own",
      "  gcloud storage buckets update gs://my-bucket --uniform-bucket-level-access",
      "warning bucket my-bucket: a deleted object of the lake cannot be brought back",
      "  gcloud storage buckets update gs://my-bucket --versioning",
      "missing bucket exports-bucket: is not there",
      "  gcloud storage buckets create gs://exports-bucket --project=my-project --location=EU --uniform-bucket-level-access",
    ]
  `)
})

test.each([
  [
    "an interface that is not enabled",
    failed(
      403,
      "accessNotConfigured",
      "BigQuery API has not been used in project 123 before or it is disabled.",
    ),
    "  gcloud services enable bigquery.googleapis.com --project=my-project",
  ],
  [
    "an account that may not start jobs",
    failed(
      403,
      "accessDenied",
      "Access Denied: Project my-project: User does not have bigquery.jobs.create permission in project my-project.",
    ),
    `  gcloud projects add-iam-policy-binding my-project --member=serviceAccount:${ACCOUNT} --role=roles/bigquery.jobUser`,
  ],
  [
    "a project that is not there",
    failed(404, "notFound", "Not found: Project my-project"),
    "  gcloud projects list",
  ],
  [
    "a project without billing",
    failed(403, "billingNotEnabled", "Billing has not been enabled for this project."),
    "  gcloud billing projects link my-project --billing-account=<account>",
  ],
])("%s ends the look at BigQuery, and buckets are looked at all the same", async (_, reply, mend) => {
  const lines = await found(({ path }) => (path === "jobs" ? reply : undefined))
  expect(lines).toContain(mend)
  expect(lines.filter((line) => /dataset \w+:/.test(line))).toEqual([])
  expect(lines).toContain("ok bucket my-bucket: is in EU")
})

test("an account that may only use objects sees no settings of the bucket: unknown, not missing", async () => {
  const lines = await found(({ path }) =>
    path === "/storage/v1/b/my-bucket"
      ? failed(403, "forbidden", `${ACCOUNT} does not have storage.buckets.get access`)
      : undefined,
  )
  expect(lines).toContain("ok bucket my-bucket: may be read and written")
  expect(lines).toContain(
    `unknown bucket my-bucket: its location and settings cannot be seen: ${ACCOUNT} does not have storage.buckets.get access`,
  )
})

test("credentials that are not accepted end the look at the cloud", async () => {
  const lines = await found(({ path }) =>
    path === "/token"
      ? { status: 400, body: '{"error": "invalid_grant", "error_description": "The token has expired."}' }
      : undefined,
  )
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(
    /^missing credentials: the credentials for Google Cloud have expired or were revoked/,
  )
  expect(lines[1]).toMatch(/keys create .*key.json --iam-account=cartwright@my-project/)
})

test("a service that does not answer is one finding, and the others are looked at", async () => {
  const lines = await found(({ path }) => (path === "jobs" ? BROKEN : undefined))
  expect(lines[1]).toMatch(/^missing BigQuery: does not answer: /)
  expect(lines).toContain("ok bucket my-bucket: is in EU")
})
