import { execFile } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, test } from "vitest"
import { parse, parseAllDocuments } from "yaml"
import { cloudRunFolder, describeWith, kubeconformFolder, shellcheckBin } from "./lib/engines.ts"
import { manifestFile, problemsBy, problemsOf } from "./lib/kubeconform.ts"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const folder = join(root, "deploy", "kubernetes")
const KUSTOMIZATION = "kustomization.yaml"

interface Kustomization {
  resources: string[]
  images: { name: string; newTag: string }[]
}
interface Container {
  name: string
  image: string
  securityContext: unknown
  volumeMounts: { name: string; mountPath: string }[]
}
interface PodSpec {
  securityContext: unknown
  initContainers?: Container[]
  containers: Container[]
}
interface Manifest {
  kind: string
  spec: { template?: { spec: PodSpec }; jobTemplate?: { spec: { template: { spec: PodSpec } } } }
}

const kustomization = parse(readFileSync(join(folder, KUSTOMIZATION), "utf8")) as Kustomization
const manifests = kustomization.resources.flatMap((file) =>
  parseAllDocuments(readFileSync(join(folder, file), "utf8")).map((document) => document.toJS() as Manifest),
)
const pods = manifests.flatMap(({ spec }) => {
  const template = spec?.template ?? spec?.jobTemplate?.spec.template
  return template === undefined ? [] : [template.spec]
})

describeWith({ kubeconform: kubeconformFolder() }, "deploy/kubernetes", ({ kubeconform }) => {
  test("Kubernetes takes every manifest", async () => {
    expect(manifests.map(({ kind }) => kind).sort()).toEqual(
      ["CronJob", "Deployment", "Namespace", "PersistentVolumeClaim", "Service", "ServiceAccount"].sort(),
    )
    expect(
      await problemsOf(kubeconform, ...kustomization.resources.map((file) => join(folder, file))),
    ).toEqual([])
  })

  test("the kustomization names every manifest, and their images", () => {
    const files = readdirSync(folder).filter((name) => name.endsWith(".yaml") && name !== KUSTOMIZATION)
    expect([...kustomization.resources].sort()).toEqual(files.sort())
    const images = pods.flatMap(({ containers, initContainers = [] }) => [...containers, ...initContainers])
    expect(new Set(images.map(({ image }) => image))).toEqual(
      new Set(kustomization.images.map(({ name }) => name)),
    )
    // A tag of its own, too, because Kubernetes does not look for `latest` among the images that a machine has.
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }
    for (const { newTag } of kustomization.images) expect(newTag).toBe(version)
  })

  test("every pod is what the namespace demands: without rights, and with a read-only root", () => {
    expect(pods).toHaveLength(2)
    for (const { securityContext, containers, initContainers = [] } of pods) {
      expect(securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: "RuntimeDefault" },
      })
      for (const container of [...containers, ...initContainers]) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        })
        expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(["/shop", "/tmp"])
      }
    }
  })

  test.each([
    ["a key that is not there", "run.yaml", "concurrencyPolicy", "concurrency", /concurrency/],
    ["a value of another type", "dashboard.yaml", "replicas: 1", 'replicas: "1"', /replicas/],
    ["a key deep within", "run.yaml", "allowPrivilegeEscalation", "allowPrivileges", /allowPrivileges/],
    [
      "a key that is missing",
      "dashboard.yaml",
      "selector:\n    matchLabels",
      "minReadySeconds: 1\n#",
      /selector/,
    ],
    ["a version that is not served", "run.yaml", "batch/v1", "batch/v1beta1", /could not find schema/],
  ])("%s would be noticed", async (_, file, right, wrong, problem) => {
    const text = readFileSync(join(folder, file), "utf8")
    expect(text).toContain(right)
    const copy = manifestFile(text.replace(right, wrong))
    expect((await problemsOf(kubeconform, copy)).join("\n")).toMatch(problem)
  })
})

describeWith({ shellcheck: shellcheckBin() }, "deploy/kind.sh", ({ shellcheck }) => {
  const script = join(root, "deploy", "kind.sh")
  const findings = (file: string) =>
    promisify(execFile)(shellcheck, ["--format", "gcc", file]).then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout: string }) => stdout,
    )

  test("shellcheck finds nothing", async () => {
    expect(await findings(script)).toBe("")
  })

  test("a word that falls apart would be noticed", async () => {
    const wrong = readFileSync(script, "utf8").replace('"$image" "$@"', "$image $@")
    expect(await findings(manifestFile(wrong))).toMatch(/SC2068/)
  })

  test("names the chart for which the values are", () => {
    const values = readFileSync(join(root, "deploy", "helm", "values.yaml"), "utf8")
    const [, version = ""] = /--version ([\d.]+)/.exec(readFileSync(script, "utf8")) ?? []
    expect(values).toContain(`--version ${version} `)
  })
})

const CLOUD_RUN = { cloudRun: cloudRunFolder(), kubeconform: kubeconformFolder() }
describeWith(CLOUD_RUN, "deploy/cloud-run", ({ cloudRun, kubeconform }) => {
  const places = join(root, "deploy", "cloud-run")

  test("Cloud Run takes every definition", async () => {
    const files = readdirSync(places).map((file) => join(places, file))
    expect(files).toHaveLength(2)
    expect(await problemsBy(cloudRun, kubeconform, ...files)).toEqual([])
  })

  test.each([
    ["a key that is not there", "job.yaml", "maxRetries", "retries", /retries/],
    [
      "a key of Kubernetes that Cloud Run lacks",
      "service.yaml",
      "containerConcurrency: 80",
      "hostNetwork: true",
      /hostNetwork/,
    ],
    [
      "a value of another type",
      "service.yaml",
      "containerPort: 4321",
      "containerPort: http",
      /containerPort/,
    ],
  ])("%s would be noticed", async (_, file, right, wrong, problem) => {
    const text = readFileSync(join(places, file), "utf8")
    expect(text).toContain(right)
    const copy = manifestFile(text.replace(right, wrong))
    expect((await problemsBy(cloudRun, kubeconform, copy)).join("\n")).toMatch(problem)
  })
})
