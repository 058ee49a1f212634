import { execFile } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { describe, expect, test } from "vitest"
import { parse, parseAllDocuments, stringify } from "yaml"
import { describeWith, helmBin, kubeconformFolder } from "./lib/engines.ts"
import { manifestFile, problemsOf } from "./lib/kubeconform.ts"

const folder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "deploy", "helm")
const VARIANTS: [name: string, files: string[]][] = [
  ["LocalExecutor", ["values"]],
  ["KubernetesExecutor", ["values", "kubernetes-executor"]],
  ["DAGs from Git", ["values", "git-sync"]],
  ["GKE", ["values", "gke"]],
  ["GKE, KubernetesExecutor, DAGs from Git", ["values", "kubernetes-executor", "gke", "git-sync"]],
]

interface Part {
  resources?: unknown
  extraVolumes?: unknown[]
  extraVolumeMounts?: unknown[]
}
interface Values {
  scheduler?: Part
  workers?: { kubernetes?: Part }
  apiServer?: Part
  dagProcessor?: Part
  securityContexts?: { pod: object; containers: object }
  env?: unknown[]
}

/** The parts of the values that are Kubernetes' own words, as pods. */
function podsOf({ scheduler, workers, apiServer, dagProcessor, securityContexts, env }: Values) {
  return [scheduler, workers?.kubernetes, apiServer, dagProcessor].flatMap((part) => {
    if (part === undefined) return []
    const { resources = {}, extraVolumes: volumes = [], extraVolumeMounts: volumeMounts = [] } = part
    const securityContext = securityContexts?.containers ?? {}
    const container = { name: "airflow", image: "airflow", resources, volumeMounts, securityContext, env }
    const spec = { containers: [container], volumes, securityContext: securityContexts?.pod ?? {} }
    return [{ apiVersion: "v1", kind: "Pod", metadata: { name: "airflow" }, spec }]
  })
}

describeWith({ kubeconform: kubeconformFolder() }, "deploy/helm", ({ kubeconform }) => {
  const files = readdirSync(folder)

  test.each(files)("Kubernetes takes what %s says in its words", async (file) => {
    const values = parse(readFileSync(join(folder, file), "utf8")) as Values
    const pods = podsOf(values).map((pod) => stringify(pod, { aliasDuplicateObjects: false }))
    expect(await problemsOf(kubeconform, manifestFile(pods.join("---\n")))).toEqual([])
  })

  test("what Kubernetes would not take would be noticed", async () => {
    const pods = podsOf({ scheduler: { resources: { request: { cpu: 1 } } } }).map((pod) => stringify(pod))
    expect((await problemsOf(kubeconform, manifestFile(pods.join("---\n")))).join()).toMatch(/request/)
  })

  test("no secret is written in them", () => {
    for (const file of files) {
      const text = readFileSync(join(folder, file), "utf8").replaceAll(/#.*$/gm, "")
      expect(text, file).not.toMatch(/(?:password|fernetKey|apiSecretKey|jwtSecret|sshKey|connection):/i)
    }
  })
})

/** The chart comes from no package registry: `helm pull apache-airflow/airflow --version 1.22.0`, and AIRFLOW_CHART=<the file or folder>. */
const chart = process.env["AIRFLOW_CHART"]
const [helm, kubeconform] = [helmBin(), kubeconformFolder()]
describe.skipIf(chart === undefined || helm === undefined || kubeconform === undefined)(
  "Airflow's chart",
  () => {
    const render = async (values: string[], ...more: string[]) => {
      const given = values.flatMap((name) => ["--values", join(folder, `${name}.yaml`)])
      const args = ["template", "airflow", chart ?? "", "--namespace", "airflow", ...given, ...more]
      return (await promisify(execFile)(helm ?? "", args, { maxBuffer: 2 ** 26 })).stdout
    }

    test.each(VARIANTS)("takes the values, and Kubernetes what it makes of them: %s", async (_, values) => {
      const rendered = await render(values)
      const settings = parseAllDocuments(rendered).map(
        (document) => document.toJS() as { data?: Record<string, string> } | null,
      )
      // The chart leaves a key without value, which is as none.
      const podTemplates = settings
        .flatMap((each) => each?.data?.["pod_template_file.yaml"] ?? [])
        .map((text) => JSON.stringify(parse(text), (_key, value: unknown) => value ?? undefined))
      const all = [rendered, ...podTemplates].map(manifestFile)
      expect(await problemsOf(kubeconform ?? "", ...all)).toEqual([])
    })

    test("refuses a value that it does not know", async () => {
      await expect(render(["values"], "--set", "scheduler.extraVolume=x")).rejects.toThrow(/extraVolume/)
    })
  },
)
