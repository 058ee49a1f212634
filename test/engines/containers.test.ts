import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { beforeAll, expect, test } from "vitest"
import { type ComposeModel, composeModel } from "./lib/compose.ts"
import { composeBin, describeWith, hadolintBin } from "./lib/engines.ts"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const dockerfile = readFileSync(join(root, "deploy", "docker", "Dockerfile"), "utf8")
const compose = readFileSync(join(root, "docker-compose.yml"), "utf8")

/** What a program that checks one file says of this text; empty where it finds nothing. */
async function saidOf(program: string, args: string[], name: string, text: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-containers-"))
  writeFileSync(join(folder, name), text)
  try {
    await promisify(execFile)(program, [...args, name], { cwd: folder })
    return ""
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    return stdout + stderr
  }
}

describeWith({ hadolint: hadolintBin() }, "deploy/docker/Dockerfile", ({ hadolint }) => {
  const problemsOf = (text: string) => saidOf(hadolint, [], "Dockerfile", text)

  test("hadolint finds nothing", async () => {
    expect(await problemsOf(dockerfile)).toBe("")
  })

  test("every base is pinned by its digest", () => {
    const bases = [...dockerfile.matchAll(/^ARG \w+_IMAGE=(.*)$/gm)].map(([, image]) => image)
    expect(bases).toHaveLength(2)
    for (const base of bases) expect(base).toMatch(/:[\w.-]+@sha256:[0-9a-f]{64}$/)
  })

  test("dbt is the one that the tests compare with", () => {
    const engines = readFileSync(join(root, "scripts", "engines.mjs"), "utf8")
    const installed = [...dockerfile.matchAll(/pip install --no-cache-dir (.*?)(?: \\)?$/gm)]
    const [duckDb, ...bigQuery] = installed.map(([, packages]) => packages?.split(" ") ?? [])
    for (const pin of duckDb ?? []) expect(engines).toContain(`"${pin}"`)
    expect(bigQuery).toHaveLength(2)
    for (const pins of bigQuery)
      expect(pins).toEqual([
        expect.stringMatching(/^dbt-core==1[.]10[.]/),
        expect.stringMatching(/^dbt-bigquery==1[.]10[.]/),
      ])
  })

  test.each([
    ["a base without version", "FROM ${NODE_IMAGE} AS build", "FROM node AS build", "DL3006"],
    ["two stages of one name", "AS dbt-bigquery", "AS dbt-duckdb", "DL3024"],
    ["a relative folder", "WORKDIR /shop", "WORKDIR shop", "DL3000"],
    ["an administrator", "USER 50000:0", "USER root", "DL3002"],
  ])("%s would be noticed", async (_, right, wrong, rule) => {
    expect(dockerfile).toContain(right)
    expect(await problemsOf(dockerfile.replace(right, wrong))).toContain(rule)
  })
})

describeWith({ reader: composeBin() }, "docker-compose.yml", ({ reader }) => {
  const problemsOf = (text: string) => saidOf(reader, [], "docker-compose.yml", text)
  let services: ComposeModel["services"]
  let volumes: ComposeModel["volumes"]

  beforeAll(async () => {
    ;({ services, volumes } = await composeModel(reader, root))
  })

  test("is as the Compose Specification says", async () => {
    expect(await problemsOf(compose)).toBe("")
  })

  test("no service may gain rights, and none of ours write to its root file system", () => {
    expect(Object.keys(services).sort()).toEqual(["airflow", "dags", "dashboard", "demo"])
    for (const [name, service] of Object.entries(services)) {
      expect(service).toMatchObject({ cap_drop: ["ALL"], security_opt: ["no-new-privileges:true"] })
      if (name !== "airflow") expect(service).toMatchObject({ read_only: true, tmpfs: ["/tmp"] })
    }
  })

  test("ports are open to this machine only", () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? [])
    expect(ports).toHaveLength(2)
    for (const { host_ip: address } of ports) expect(address).toBe("127.0.0.1")
  })

  test("services and volumes that it names are there", () => {
    for (const service of Object.values(services)) {
      expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(service.depends_on ?? {})))
      const named = service.volumes?.filter(({ type }) => type === "volume") ?? []
      expect(Object.keys(volumes)).toEqual(expect.arrayContaining(named.map(({ source }) => source)))
    }
  })

  test.each([
    ["a key that is not there", "restart: unless-stopped", "restarts: unless-stopped", /restarts/],
    ["a condition that is not there", "service_completed_successfully", "service_done", /condition/],
    ["a list in the place of a name", "image: cartwright\n", "image: [cartwright]\n", /image/],
  ])("%s would be noticed", async (_, right, wrong, problem) => {
    expect(compose).toContain(right)
    expect(await problemsOf(compose.replace(right, wrong))).toMatch(problem)
  })
})
