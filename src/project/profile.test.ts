import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { dbtEnvironment, writeRunProfile } from "./profile.ts"
import type { Shop } from "./shop.ts"

const shop = {
  warehouse: {
    type: "bigquery",
    project: "toys-1",
    location: "EU",
    credentials: "/shop/gcp_credentials.json",
    maxBytesBilled: 5_000_000_000,
    labels: { team: "toys", shop: "not this" },
  },
  layers: { silver: "STAGING" },
  config: { shop: { name: "Toys & more" }, transform: {} },
} as unknown as Shop

function written(environment: Record<string, string>): unknown {
  const folder = writeRunProfile(shop, mkdtempSync(join(tmpdir(), "cartwright-profile-")), environment)
  const { cartwright } = JSON.parse(readFileSync(join(folder, "profiles.yml"), "utf8")) as {
    cartwright: { target: string; outputs: Record<string, unknown> }
  }
  return cartwright.outputs[cartwright.target]
}

test("on BigQuery the profile says where and under which cap, and neither who signs in nor how", () => {
  expect(written({})).toEqual({
    type: "bigquery",
    method: "oauth",
    project: "toys-1",
    schema: "STAGING",
    location: "EU",
    threads: 8,
    priority: "interactive",
    job_retries: 3,
    maximum_bytes_billed: 5_000_000_000,
  })
})

test("a server that stands in for BigQuery comes from the environment alone", () => {
  expect(written({ BIGQUERY_EMULATOR_HOST: "localhost:9050" })).toMatchObject({
    method: "oauth-secrets",
    api_endpoint: "http://localhost:9050",
  })
})

test("the environment names the key file and labels the jobs; ours come before the shop's", () => {
  const { CARTWRIGHT_JOB_LABELS: labels = "", ...rest } = dbtEnvironment(
    shop,
    { PATH: "/bin" },
    "20260102T030405Z",
  )
  expect(rest).toEqual({ PATH: "/bin", GOOGLE_APPLICATION_CREDENTIALS: "/shop/gcp_credentials.json" })
  expect(JSON.parse(labels)).toEqual({
    application: "cartwright",
    shop: "toys-more",
    run: "20260102t030405z",
    step: "transform",
    team: "toys",
  })
})
