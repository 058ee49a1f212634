import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
import { afterEach, expect, test } from "vitest"
import type { CartwrightError } from "../../core/errors.ts"
import { type Answer, failed, fine, type Reply, startStub, type Stub } from "./stub.fixture.ts"

let stub: Stub
const serve = async (reply: Reply) => {
  stub = await startStub(reply)
  return stub
}
afterEach(() => stub.stop())

/** What a query's start is answered with, as in BigQuery's documentation of its errors. */
const ANSWERS: [name: string, Answer, code: string, message: RegExp, next: RegExp][] = [
  [
    "a missing permission to start jobs",
    failed(
      403,
      "accessDenied",
      "Access Denied: Project shop-1: User does not have bigquery.jobs.create permission in project shop-1.",
    ),
    "environment",
    /^the permission bigquery\.jobs\.create is missing$/,
    /gcloud projects add-iam-policy-binding shop-1 .*--role=roles\/bigquery\.jobUser$/,
  ],
  [
    "a missing permission to read a table",
    failed(
      403,
      "accessDenied",
      "Access Denied: Table shop-1:bronze.t: User does not have permission bigquery.tables.getData on table",
    ),
    "environment",
    /bigquery\.tables\.getData/,
    /roles\/bigquery\.dataViewer/,
  ],
  [
    "a missing permission to make a table",
    failed(
      403,
      "accessDenied",
      "Access Denied: Dataset shop-1:gold: Permission bigquery.tables.create denied on dataset shop-1:gold (or it may not exist).",
    ),
    "environment",
    /bigquery\.tables\.create/,
    /roles\/bigquery\.dataEditor/,
  ],
  [
    "a missing permission to read the bucket",
    failed(
      403,
      "accessDenied",
      "Access Denied: File gs://lake/a.csv: loader@shop-1.iam.gserviceaccount.com does not have storage.objects.get access to the Google Cloud Storage object.",
    ),
    "environment",
    /storage\.objects\.get/,
    /roles\/storage\.objectViewer/,
  ],
  [
    "an API that is not enabled",
    failed(
      403,
      "accessNotConfigured",
      "BigQuery API has not been used in project 123 before or it is disabled. Enable it by visiting …",
    ),
    "environment",
    /^the BigQuery API is not enabled in the project shop-1$/,
    /^Run: gcloud services enable bigquery\.googleapis\.com --project shop-1$/,
  ],
  [
    "a dataset that is missing, or elsewhere",
    failed(404, "notFound", "Not found: Dataset shop-1:bronze was not found in location EU"),
    "config",
    /^the dataset shop-1\.bronze does not exist in the location EU$/,
    /state that location/,
  ],
  [
    "a table that is missing",
    failed(404, "notFound", "Not found: Table shop-1:bronze.orders"),
    "environment",
    /^the table shop-1\.bronze\.orders does not exist$/,
    /Check project, dataset and name/,
  ],
  [
    "bucket and dataset in two locations",
    failed(400, "invalid", "Cannot read and write in different locations: source: US, destination: EU"),
    "config",
    /source: US, destination: EU$/,
    /bucket in the dataset's location/,
  ],
  [
    "a quota that is used up",
    failed(403, "quotaExceeded", "Quota exceeded: Your project exceeded quota for free query bytes scanned."),
    "environment",
    /a quota of the project shop-1 is used up/,
    /ask for a higher one/,
  ],
  [
    "a token that has expired",
    failed(401, "authError", "Invalid Credentials"),
    "environment",
    /does not accept the credentials: Invalid Credentials$/,
    /gcloud auth application-default login/,
  ],
  [
    "a query over its cap",
    failed(
      400,
      "bytesBilledLimitExceeded",
      "Query exceeded limit for bytes billed: 1000000. 10485760 or higher required.",
    ),
    "config",
    /10485760 or higher required$/,
    /Raise the cap/,
  ],
  [
    "a table that another transaction changes",
    failed(
      400,
      "invalidQuery",
      "Transaction is aborted due to concurrent update against table shop-1:bronze.t. Transaction ID: 1234",
    ),
    "environment",
    /^somebody else changes the same table/,
    /Run the command again/,
  ],
  [
    "a query with a mistake",
    failed(400, "invalidQuery", 'Syntax error: Unexpected identifier "frm" at [2:10]'),
    "transform",
    /^BigQuery does not accept the query: Syntax error: Unexpected identifier "frm"$/,
    /Correct the statement/,
  ],
  [
    "something that we do not know",
    failed(400, "notYetInvented", "Something else."),
    "environment",
    /^BigQuery refuses: Something else$/,
    /notYetInvented/,
  ],
]

test.each(ANSWERS)("%s is told with what to do", async (_, given, code, message, next) => {
  const { open } = await serve(fine(({ path }) => (path === "jobs" ? given : undefined)))
  const session = await (await open()).session()
  const error: CartwrightError = await session.rows("select 1").then(
    () => expect.fail("no error"),
    (thrown: CartwrightError) => thrown,
  )
  expect(error).toMatchObject({ name: "CartwrightError", code })
  expect(error.message).toMatch(message)
  expect(error.next).toMatch(next)
  expect(error.state).toMatch(/./)
  expect(error.place).toMatch(code === "transform" ? /^line 2, column 10 of the statement/ : /^cartwright_/)
})

test("what stays broken is told after many attempts, and the network is one cause", async () => {
  const { open, requests, waits } = await serve(() => undefined)
  const session = await (await open()).session()
  await expect(session.rows("select 1")).rejects.toMatchObject({
    code: "environment",
    message: expect.stringMatching(/^BigQuery does not answer as it should, also after waiting: /),
  })
  expect(requests).toHaveLength(8)
  expect(waits.at(-1)).toBe(24_000)
})

test("no error holds the token", async () => {
  const { open } = await serve(() => failed(403, "accessDenied", "Access Denied"))
  const session = await (await open({ credentials: { accessToken: "very-secret" } })).session()
  const error: unknown = await session.rows("select 1").catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: "environment" })
  expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("very-secret")
})

test("a dataset is made with location and labels, and one that is elsewhere is an error", async () => {
  const missing = failed(404, "notFound", "Not found: Dataset shop-1:bronze")
  let there: object = missing
  const { open, requests } = await serve(({ method }) => (method === "POST" ? { id: "made" } : there))
  const warehouse = await open()
  expect(await warehouse.ensureDataset("bronze")).toBe(true)
  expect(requests.at(-1)?.body).toEqual({
    datasetReference: { datasetId: "bronze" },
    location: "EU",
    labels: { application: "cartwright", shop: "toy-shop" },
  })
  there = { location: "eu" }
  expect(await warehouse.ensureDataset("bronze")).toBe(false)
  there = { location: "US" }
  await expect(warehouse.ensureDataset("bronze")).rejects.toMatchObject({
    code: "config",
    message: "the dataset bronze is in US, and EU is wanted",
    choices: ["US"],
  })
  await expect(warehouse.ensureDataset("bronze-1")).rejects.toMatchObject({
    code: "config",
    place: "bronze-1",
  })
})

test.each([
  ["missing", undefined, /cannot be read/],
  ["not JSON", "-----BEGIN PRIVATE KEY-----", /is no JSON/],
  ["something else", '{"client_id": "secret"}', /holds no Google credentials/],
])("a key file that is %s is told without what it holds", async (_, content, message) => {
  const keyFile = newKeyFile(content)
  const { open } = await serve(() => undefined)
  await expect(open({ credentials: { keyFile } })).rejects.toMatchObject({
    code: "config",
    place: keyFile,
    message: expect.stringMatching(message),
  })
})

test("workload identity federation gets the token that requests carry", async () => {
  const { open, requests, url } = await serve(
    fine(({ path }) =>
      path.endsWith("/token")
        ? { access_token: "federated", token_type: "Bearer", expires_in: 3600 }
        : undefined,
    ),
  )
  const keyFile = newKeyFile(
    JSON.stringify({
      type: "external_account",
      audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/p",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: `${url}/token`,
      credential_source: { file: newKeyFile("subject") },
    }),
  )
  const session = await (await open({ credentials: { keyFile } })).session()
  await session.rows("select 1")
  expect(requests[0]?.text).toContain("subject_token=subject")
  expect(requests.at(-1)?.authorization).toBe("Bearer federated")
})

function newKeyFile(content: string | undefined): string {
  const keyFile = join(mkdtempSync(join(tmpdir(), "cartwright-key-")), "key.json")
  if (content !== undefined) writeFileSync(keyFile, content)
  return keyFile
}
