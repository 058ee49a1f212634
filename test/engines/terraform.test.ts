import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { beforeAll, expect, test } from "vitest"
import { describeWith, terraformFolder } from "./lib/engines.ts"
import { problemsOf, readModule, type TerraformModule } from "./lib/terraform.ts"

const folder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "deploy", "terraform")

describeWith({ packages: terraformFolder() }, "deploy/terraform", ({ packages }) => {
  let module: TerraformModule
  beforeAll(async () => {
    module = await readModule(packages, folder)
  })

  test("is HCL, and Google's provider takes every argument", () => {
    expect(problemsOf(packages, module)).toEqual([])
  })

  test("grants the roles that a run needs, and no other", () => {
    const roles = Object.entries(module.resource ?? {}).flatMap(([type, resources]) =>
      Object.values(resources).flatMap((bodies) =>
        bodies.flatMap(({ role, member }) => (role === undefined ? [] : [[type, role, member].join(" ")])),
      ),
    )
    const account = "${google_service_account.shop.member}"
    expect(roles.sort()).toEqual([
      "google_bigquery_dataset_iam_member roles/bigquery.dataEditor " + account,
      "google_bigquery_dataset_iam_member roles/bigquery.dataViewer ${each.value}",
      "google_project_iam_member roles/bigquery.jobUser " + account,
      "google_service_account_iam_member roles/iam.workloadIdentityUser principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.pool[0].name}/*",
      "google_storage_bucket_iam_member roles/storage.objectAdmin " + account,
    ])
  })

  test("its README names every variable and output, and the plain commands make the same", () => {
    const readme = readFileSync(join(folder, "README.md"), "utf8")
    for (const name of [...Object.keys(module.variable ?? {}), ...Object.keys(module.output ?? {})])
      expect(readme, name).toContain(`\`${name}\``)
    for (const role of ["storage.objectAdmin", "bigquery.dataEditor", "bigquery.jobUser"])
      expect(readme).toContain(`roles/${role}`)
  })

  test.each([
    [
      "an argument that is not there",
      "uniform_bucket_level_access",
      "uniform_access",
      /there is no uniform_access/,
    ],
    [
      "an argument that is missing",
      "  dataset_id                 = each.value\n",
      "",
      /dataset_id is missing/,
    ],
    [
      "a resource that is not there",
      '"google_project_service"',
      '"google_project_services"',
      /no such resource/,
    ],
    [
      "a wrong block within another",
      "days_since_noncurrent_time",
      "days_since",
      /lifecycle_rule.condition: there is no/,
    ],
    [
      "a variable that nobody declared",
      "var.old_versions_days",
      "var.old_days",
      /var.old_days is not declared/,
    ],
    [
      "an attribute that is not there",
      "google_service_account.shop.email",
      "google_service_account.shop.mail",
      /no attribute mail/,
    ],
  ])("%s would be noticed", async (_, right, wrong, problem) => {
    const copy = mkdtempSync(join(tmpdir(), "cartwright-terraform-"))
    cpSync(folder, copy, { recursive: true })
    for (const file of ["main.tf", "identity.tf", "outputs.tf"]) {
      const path = join(copy, file)
      writeFileSync(path, readFileSync(path, "utf8").replaceAll(right, wrong))
    }
    expect(problemsOf(packages, await readModule(packages, copy)).join("\n")).toMatch(problem)
  })
})
