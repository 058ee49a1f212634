import { chownSync, mkdtempSync, readdirSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, expect, test } from "vitest"
import { parseAllDocuments } from "yaml"
import { cartwright } from "../e2e/lib/cli.ts"
import { type ComposeModel, composeModel } from "./lib/compose.ts"
import { buildahBin, composeBin, describeWith, imageBase } from "./lib/engines.ts"
import { type Image, type ImageBuilder, imageBuilder } from "./lib/image.ts"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const dockerfile = join(root, "deploy", "docker", "Dockerfile")
const BASE = "localhost/base"
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
const SCALE = "0.005"
const SHOP = ["--dir", "/shop/demo-shop"]
const ANSWERS = ["query", "--metric", "orders", "--metric", "net_sales", "--by", "category", "--csv"]

/** A manifest whose first container waits. */
interface Waiting {
  spec: { template: { spec: { initContainers: { command: string[] }[] } } }
}

/** Asks without and with the name and password that docker-compose.yml names. */
const SIGN_IN = `
  const at = (path, options) => fetch("http://127.0.0.1:4321/api/" + path, options)
  const body = JSON.stringify({ name: "demo", password: "just-looking" })
  const headers = { "content-type": "application/json", origin: "http://127.0.0.1:4321" }
  at("shop").then(async (asked) => {
    const signed = await at("session", { method: "POST", headers, body })
    console.log(asked.status, signed.status)
  })`
const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`

const REQUIREMENTS = { buildah: buildahBin(), base: imageBase(), reader: composeBin() }
/** The Dockerfile really built, on a base of Debian's packages and npm's, and run as Docker or Kubernetes would. */
describeWith(REQUIREMENTS, "the image", ({ buildah, base, reader }) => {
  let builder: ImageBuilder
  let image: Image
  const volume = mkdtempSync(join(tmpdir(), "cartwright-volume-"))
  let services: ComposeModel["services"]
  const inImage = (...args: string[]) => image.run(volume, [...image.config.Entrypoint, ...args])
  /** What a service of docker-compose.yml runs, in a small shop. */
  const commandOf = (name: string) => {
    const { entrypoint, command = [], environment = {} } = services[name] ?? {}
    const settings = Object.entries({ ...environment, SCALE }).map(([key, value]) => `${key}=${value}`)
    return ["env", ...settings, ...(entrypoint ?? image.config.Entrypoint), ...command]
  }

  beforeAll(async () => {
    chownSync(volume, 1000, 1000)
    ;({ services } = await composeModel(reader, root))
    builder = imageBuilder(buildah)
    await builder.importFolder(base, BASE, {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      NODE_EXTRA_CA_CERTS: CERTIFICATES,
      PIP_CERT: CERTIFICATES,
    })
    image = await builder.build(root, dockerfile, "cartwright", { NODE_IMAGE: BASE })
  })

  afterAll(() => builder.remove())

  test("is below 400 MB, and names user, volume and entry point", () => {
    expect(image.bytes).toBeLessThan(400e6)
    expect(image.config).toMatchObject({
      User: "1000:1000",
      Volumes: { "/shop": {} },
      WorkingDir: "/shop",
      Entrypoint: ["cartwright"],
      Cmd: ["serve"],
    })
  })

  test("has the program, and neither its sources nor what only builds it", async () => {
    expect((await inImage("--help")).stdout).toContain("cartwright <command>")
    const { stdout } = await image.run(volume, ["ls", "/opt/cartwright"])
    const files = ["analytics", "dist", "node_modules", "package-lock.json", "package.json"]
    expect(stdout.trim().split("\n")).toEqual(files)
    const packages = await image.run(volume, ["ls", "/opt/cartwright/node_modules"])
    expect(packages.stdout).toMatch(/^@duckdb$/m)
    expect(packages.stdout).not.toMatch(/typescript|esbuild|vitest/)
  })

  test("may write to its volume, and nowhere else", async () => {
    const { stdout, stderr } = await image.run(volume, [
      "sh",
      "-c",
      "id -u; touch /shop/mine; for f in /mine /opt/cartwright/mine /etc/mine; do touch $f; done",
    ])
    expect(stdout).toBe("1000\n")
    expect(stderr.match(/Read-only file system/g)).toHaveLength(3)
  })

  test("takes the demo shop of docker-compose.yml from files to the answers that it has elsewhere", async () => {
    expect(await image.run(volume, commandOf("demo"))).toMatchObject({ code: 0 })
    expect(await inImage("run", ...SHOP)).toMatchObject({ code: 0 })
    const elsewhere = join(mkdtempSync(join(tmpdir(), "cartwright-elsewhere-")), "shop")
    expect(await cartwright(["demo", "--scale", SCALE, "--dir", elsewhere])).toMatchObject({ code: 0 })
    const there = await cartwright([...ANSWERS, "--dir", elsewhere])
    expect((await inImage(...ANSWERS, ...SHOP)).stdout).toBe(there.stdout)
    expect(there.stdout.split("\n").length).toBeGreaterThan(10)
  })

  test("is healthy while it serves the dashboard, to who signs in, and not before", async () => {
    const [, ...health] = image.config.Healthcheck.Test
    const script = `
      healthy() { ${health.map(quoted).join(" ")}; }
      healthy && echo healthy || echo not yet
      ${commandOf("dashboard").map(quoted).join(" ")} >/dev/null & server=$!
      for i in $(seq 60); do healthy && break; sleep 1; done
      healthy && echo healthy
      node -e ${quoted(SIGN_IN)}
      kill $server; wait $server; echo $?`
    const { stdout } = await image.run(volume, ["sh", "-c", script])
    expect(stdout).toBe("not yet\nhealthy\n401 204\n0\n")
  })

  test("makes a shop in the volume itself, for which the dashboard on Kubernetes waits", async () => {
    const own = mkdtempSync(join(tmpdir(), "cartwright-volume-"))
    chownSync(own, 1000, 1000)
    const manifests = readFileSync(join(root, "deploy", "kubernetes", "dashboard.yaml"), "utf8")
    const [deployment] = parseAllDocuments(manifests).map((document) => document.toJS() as Waiting)
    const command = deployment?.spec.template.spec.initContainers[0]?.command ?? []
    expect(await image.run(own, ["timeout", "5", ...command])).toMatchObject({ code: 124 })
    const script = `cartwright demo --dir /shop --scale ${SCALE} && echo just-looking | cartwright users add anna --dir /shop`
    expect(await image.run(own, ["sh", "-c", script])).toMatchObject({ code: 0 })
    expect(await image.run(own, ["timeout", "5", ...command])).toMatchObject({ code: 0 })
  })

  test("writes the DAGs that the service of Airflow reads", async () => {
    expect(await image.run(volume, commandOf("dags"))).toMatchObject({ code: 0 })
    const [file = ""] = readdirSync(join(volume, "dags"))
    const text = readFileSync(join(volume, "dags", file), "utf8")
    const pool = /"pool": "(\w+)"/.exec(text)?.[1]
    expect(services["airflow"]?.command?.join("\n")).toContain(`airflow pools set ${pool} 1 `)
    expect(text).toContain('"/shop/demo-shop"')
  })

  // Some hundred megabytes of packages each: IMAGES=all asks for them.
  test.runIf(process.env["IMAGES"] === "all").each(["duckdb", "bigquery"])(
    "with dbt for %s beside it, runs dbt",
    async (adapter) => {
      const withDbt = await builder.build(root, dockerfile, `dbt-${adapter}`, { NODE_IMAGE: BASE })
      console.log(`dbt-${adapter}: ${Math.round(withDbt.bytes / 1e6)} MB`)
      expect(withDbt.config.User).toBe("1000:1000")
      const { stdout, stderr } = await withDbt.run(volume, ["dbt", "--version"])
      expect(stdout + stderr).toContain(`- ${adapter}:`)
    },
  )
})
