import { messageOf } from "../../core/errors.ts"
import { explain } from "../../warehouse/bigquery/errors.ts"
import { type Finding, fine, lacking, untold } from "./finding.ts"
import { type Google, isDisabled, type Reply } from "./google.ts"

/** What of BigQuery is looked at. */
export interface BigQueryWanted {
  project: string
  location: string
  datasets: readonly string[]
}

/** All that a run does with a dataset; `roles/bigquery.dataEditor` has them. */
const ON_DATASETS = [
  "bigquery.datasets.get",
  "bigquery.tables.create",
  "bigquery.tables.delete",
  "bigquery.tables.get",
  "bigquery.tables.getData",
  "bigquery.tables.list",
  "bigquery.tables.update",
  "bigquery.tables.updateData",
]
const MAKE_DATASETS = "bigquery.datasets.create"
const EDITOR = "roles/bigquery.dataEditor"

/** Project, interface and right to start jobs by a query that is not run; then the rights and the datasets. */
export async function examineBigQuery(google: Google, wanted: BigQueryWanted): Promise<Finding[]> {
  const { project } = wanted
  const jobs = await examineJobs(google, wanted)
  if (jobs.status !== "ok") return [jobs]
  const rights = await rightsIn(google, project)
  const findings = [jobs, ...rights.findings]
  for (const dataset of wanted.datasets)
    findings.push(...(await examineDataset(google, wanted, dataset, rights.held)))
  return findings
}

async function examineJobs(google: Google, { project, location }: BigQueryWanted): Promise<Finding> {
  const subject = `BigQuery in ${project}`
  const reply = await google.ask(`${google.addresses.bigquery}/bigquery/v2/projects/${project}/jobs`, {
    jobReference: { projectId: project, location },
    configuration: { dryRun: true, query: { query: "select 1", useLegacySql: false } },
  })
  if (reply.status < 300)
    return fine(subject, `the interface is enabled and jobs may be started in ${location}`)
  if (isDisabled(reply)) {
    return lacking(
      subject,
      "the BigQuery API is not enabled",
      `gcloud services enable bigquery.googleapis.com --project=${project}`,
    )
  }
  if (/bigquery\.jobs\.create/.test(reply.message)) {
    return lacking(
      subject,
      "the permission bigquery.jobs.create is missing",
      `gcloud projects add-iam-policy-binding ${project} --member=${google.member} --role=roles/bigquery.jobUser`,
    )
  }
  if (reply.status === 404 || /project.*(not found|does not exist)/i.test(reply.message)) {
    return lacking(
      subject,
      `there is no project ${project}, or the account does not see it`,
      "gcloud projects list",
    )
  }
  return told(subject, reply, project, location)
}

function told(
  subject: string,
  { status, reason, message }: Reply,
  project: string,
  location: string,
): Finding {
  const thrown = Object.assign(new Error(message), { code: status, errors: [{ reason, message }] })
  const error = explain(thrown, { project, location, place: subject })
  const { next } = error as { next?: string }
  return lacking(subject, messageOf(error), ...(next === undefined ? [] : [next.replace(/^Run: /, "")]))
}

/** The rights that hold in the whole project; undefined where that cannot be asked. */
async function rightsIn(
  google: Google,
  project: string,
): Promise<{ held: Set<string> | undefined; findings: Finding[] }> {
  const { projects } = google.addresses
  if (projects === undefined)
    return { held: undefined, findings: [untold("permissions", "an emulator stands in, which knows none")] }
  const reply = await google.ask(`${projects}/v1/projects/${project}:testIamPermissions`, {
    permissions: [...ON_DATASETS, MAKE_DATASETS],
  })
  if (reply.status >= 300) {
    const mend = isDisabled(reply)
      ? [`gcloud services enable cloudresourcemanager.googleapis.com --project=${project}`]
      : []
    return {
      held: undefined,
      findings: [untold("permissions", `the project does not tell them: ${reply.message}`, ...mend)],
    }
  }
  const { permissions = [] } = reply.body as { permissions?: string[] }
  return { held: new Set(permissions), findings: [] }
}

interface DatasetResource {
  location?: string
  access?: { role?: string; userByEmail?: string; iamMember?: string }[]
}

async function examineDataset(
  google: Google,
  { project, location }: BigQueryWanted,
  dataset: string,
  held: ReadonlySet<string> | undefined,
): Promise<Finding[]> {
  const subject = `dataset ${dataset}`
  const reply = await google.ask(
    `${google.addresses.bigquery}/bigquery/v2/projects/${project}/datasets/${dataset}`,
  )
  const everywhere = held !== undefined && ON_DATASETS.every((permission) => held.has(permission))
  const grant = `bq query --location=${location} --project_id=${project} --use_legacy_sql=false 'grant \`${EDITOR}\` on schema \`${project}.${dataset}\` to ${sqlText(google.member)}'`
  const make = `bq --location=${location} mk --dataset ${project}:${dataset}`
  if (reply.status === 404) {
    if (held === undefined || held.has(MAKE_DATASETS))
      return [fine(subject, "is not there yet; the first run makes it")]
    const rest = everywhere ? [] : [grant]
    return [lacking(subject, "is not there, and the account may not make it", make, ...rest)]
  }
  // To who has no right in the project, BigQuery does not say which it is.
  if (reply.status === 403)
    return [lacking(subject, "is not there, or the account may not see it", make, grant)]
  if (reply.status >= 300) return [told(subject, reply, project, location)]
  const { location: at = location, access = [] } = reply.body as DatasetResource
  if (at.toLowerCase() !== location.toLowerCase()) {
    return [
      lacking(
        subject,
        `is in ${at}, and warehouse.location is ${location}`,
        `State warehouse.location: ${at}, or another name for the dataset; a dataset cannot be moved.`,
      ),
    ]
  }
  if (everywhere || held === undefined || mayEdit(access, google.member))
    return [fine(subject, held === undefined ? `is in ${at}` : `is in ${at} and may be changed`)]
  const missing = ON_DATASETS.filter((permission) => !held.has(permission))
  if (google.member.startsWith("serviceAccount:"))
    return [lacking(subject, `the account may not change it: ${EDITOR} is missing`, grant)]
  // A person may have the rights by a group, which the list of the dataset does not resolve.
  return [untold(subject, `${missing.join(", ")} may be missing: no right in the project says so`, grant)]
}

function mayEdit(access: NonNullable<DatasetResource["access"]>, member: string): boolean {
  const email = member.replace(/^serviceAccount:/, "")
  return access.some(
    ({ role = "", userByEmail, iamMember }) =>
      /^(WRITER|OWNER|roles\/bigquery\.(dataEditor|dataOwner|admin))$/.test(role) &&
      (userByEmail === email || iamMember === member),
  )
}

/** Within a text of the shell in single quotes: the words that give a person's address must stand outside them. */
function sqlText(member: string): string {
  return member.startsWith('"') ? `"'${member}'"` : `"${member}"`
}
