import { execFileSync } from "node:child_process"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

const REFERENCE = "#/definitions/"
/** Belong to every group, and are no objects of a cluster. */
const OF_EVERY_GROUP = ["DeleteOptions", "WatchEvent"]
const INT_OR_STRING = { type: ["integer", "string"] }
const QUANTITY = { type: ["number", "string"] }

/**
 * Makes `<folder>/schemas/<kind>-<group>-<version>.json` for kubeconform of the description of its interface that a release of Kubernetes has.
 * Strict: a key that is not described is refused.
 */
export function makeKubernetesSchemas(folder, { kubernetes }) {
  const module = ["mod", "download", "-json", `k8s.io/kubernetes@${kubernetes}`]
  const { Dir } = JSON.parse(execFileSync("go", module, { encoding: "utf8", cwd: folder }))
  const swagger = readFileSync(join(Dir, "api", "openapi-spec", "swagger.json"), "utf8")
  const definitions = Object.fromEntries(
    Object.entries(JSON.parse(swagger).definitions).map(([name, schema]) => [name, strict(name, schema)]),
  )
  mkdirSync(join(folder, "schemas"))
  for (const [name, schema] of Object.entries(definitions))
    for (const { group, version, kind } of schema["x-kubernetes-group-version-kind"] ?? []) {
      if (OF_EVERY_GROUP.includes(kind)) continue
      const file = [kind, group.split(".")[0], version].filter((part) => part !== "").join("-")
      const text = JSON.stringify({
        allOf: [{ $ref: REFERENCE + name }, { required: ["apiVersion", "kind"] }],
        definitions: neededBy(name, definitions),
      })
      writeFileSync(join(folder, "schemas", `${file.toLowerCase()}.json`), text)
    }
}

function strict(name, schema) {
  if (name.endsWith(".IntOrString")) return INT_OR_STRING
  if (name.endsWith(".Quantity")) return QUANTITY
  return schema.properties === undefined ? schema : { ...schema, additionalProperties: false }
}

/** The definitions that one refers to, directly or not, with itself. */
function neededBy(name, definitions, needed = {}) {
  if (name in needed) return needed
  needed[name] = definitions[name]
  const text = JSON.stringify(definitions[name])
  for (const [, other] of text.matchAll(/"#\/definitions\/([^"]+)"/g)) neededBy(other, definitions, needed)
  return needed
}

/** Of the interface of Cloud Run, which speaks Kubernetes' language: the file of each kind that is declared, and its name there. */
const CLOUD_RUN = { "job-run-v1": "Job", "service-serving-v1": "Service" }

/** Makes `<folder>/schemas/` for kubeconform of the description of Cloud Run's interface that Google's client for Python has, which is installed there. */
export function makeCloudRunSchemas(folder) {
  const find = "import googleapiclient, os; print(os.path.dirname(googleapiclient.__file__))"
  const client = execFileSync(join(folder, "bin", "python"), ["-c", find], { encoding: "utf8" }).trim()
  const { schemas } = JSON.parse(
    readFileSync(join(client, "discovery_cache", "documents", "run.v1.json"), "utf8"),
  )
  const definitions = Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, ofDiscovery(schema)]),
  )
  mkdirSync(join(folder, "schemas"))
  for (const [file, name] of Object.entries(CLOUD_RUN)) {
    const text = JSON.stringify({ $ref: REFERENCE + name, definitions })
    writeFileSync(join(folder, "schemas", `${file}.json`), text)
  }
}

/** Google's way to describe a type as JSON Schema's. Whole numbers of 64 bits may also be written as text. */
function ofDiscovery({ $ref, type, format, enum: values, items, properties, additionalProperties }) {
  if ($ref !== undefined) return { $ref: REFERENCE + $ref }
  if (type === "any") return {}
  if (format === "int64") return INT_OR_STRING
  return {
    type,
    ...(values && { enum: values }),
    ...(items && { items: ofDiscovery(items) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, schema]) => [name, ofDiscovery(schema)]),
      ),
    }),
    ...(type === "object" && {
      additionalProperties: additionalProperties === undefined ? false : ofDiscovery(additionalProperties),
    }),
  }
}
