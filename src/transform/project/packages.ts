import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { CartwrightError } from "../../core/errors.ts"
import { readProject, type Project } from "./project-file.ts"
import type { RenderValue } from "./render-tree.ts"
import { asDict, loadYaml } from "../yaml/yaml.ts"

/**
 * The packages of a project, transitive ones included: local ones straight from their paths, others from where
 * `dbt deps` put them.
 * @throws CartwrightError `config` when one is declared and not there, or when two have one name
 */
export async function readPackages(root: Project, render: RenderValue): Promise<Project[]> {
  const packages = new Map<string, Project>()
  const installed = await installedPackages(root, render)
  const visit = async (project: Project): Promise<void> => {
    for (const declared of await declaredPackages(project)) {
      const found =
        declared.local === undefined
          ? installed.find(
              (candidate) => candidate.root.endsWith(`/${declared.name}`) || candidate.name === declared.name,
            )
          : await localPackage(root, declared.local, declared.place, render)
      if (found === undefined) {
        throw new CartwrightError("config", `the package '${declared.name}' is not installed`, {
          place: declared.place,
          next: "Run `dbt deps` with real dbt, or use a local: path.",
        })
      }
      const known = packages.get(found.name)
      if (known === undefined) {
        packages.set(found.name, found)
        await visit(found)
      } else if (known.root !== found.root) checkSame(known, found, declared.place)
    }
  }
  await visit(root)
  for (const project of installed) if (!packages.has(project.name)) packages.set(project.name, project)
  if (packages.has(root.name)) {
    throw new CartwrightError("config", `a package has the project's own name '${root.name}'`, {
      place: root.root,
    })
  }
  return [...packages.values()]
}

/** `dbt deps` keeps one copy of a local package; two paths with one name are two copies, the first one counts. */
function checkSame(known: Project, found: Project, place: string): void {
  if (known.version !== found.version) {
    throw new CartwrightError("config", `two packages are named '${known.name}'`, {
      place,
      choices: [known.root, found.root],
      next: "Let all packages.yml name the same folder.",
    })
  }
}

interface Declared {
  name: string
  local: string | undefined
  place: string
}

async function declaredPackages(project: Project): Promise<Declared[]> {
  for (const name of ["packages.yml", "dependencies.yml"]) {
    const place = join(project.root, name)
    if (!existsSync(place)) continue
    const list = asDict(await loadYaml(readFileSync(place, "utf8"), place))?.["packages"]
    if (!Array.isArray(list)) continue
    return list.map((entry) => {
      const dict = asDict(entry) ?? {}
      const local = typeof dict["local"] === "string" ? dict["local"] : undefined
      const source = String(local ?? dict["package"] ?? dict["git"] ?? dict["tarball"] ?? dict["name"] ?? "?")
      const short =
        source
          .replace(/\.git$/, "")
          .split("/")
          .at(-1) ?? source
      return { name: short, local, place }
    })
  }
  return []
}

async function localPackage(
  root: Project,
  path: string,
  place: string,
  render: RenderValue,
): Promise<Project> {
  const folder = resolve(root.root, path)
  if (!existsSync(join(folder, "dbt_project.yml"))) {
    throw new CartwrightError("config", `there is no dbt package at ${path}`, {
      place,
      next: "Mend the local: path; it is relative to the root project, in its packages too.",
    })
  }
  return readProject(folder, render)
}

async function installedPackages(root: Project, render: RenderValue): Promise<Project[]> {
  const folder = join(root.root, root.packagesPath)
  if (!existsSync(folder)) return []
  const projects: Project[] = []
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    if (existsSync(join(path, "dbt_project.yml"))) projects.push(await readProject(path, render))
  }
  return projects
}
