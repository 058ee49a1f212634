import { projectError } from "../errors.ts"
import { listFiles, readIgnore, readText } from "../project/files.ts"
import type { Project } from "../project/project-file.ts"
import type { ProjectMacro } from "./entry.ts"
import { scanDefinitions } from "./scan.ts"

/** The macros and generic tests that a project defines, by name. */
export function loadMacros(project: Project): ReadonlyMap<string, ProjectMacro> {
  const folders = [...project.paths.macros, ...project.paths.tests.map((folder) => `${folder}/generic`)]
  const macros = new Map<string, ProjectMacro>()
  for (const file of listFiles(project.root, folders, [".sql"], readIgnore(project.root))) {
    const source = readText(file.absolute)
    for (const definition of scanDefinitions(source)) {
      if (definition.kind === "other") continue
      const { name } = definition
      const known = macros.get(name)
      if (known !== undefined) {
        throw projectError(`two macros are named '${name}'`, {
          place: file.absolute,
          choices: [known.absolute, file.absolute],
          next: "Rename or remove one of them.",
        })
      }
      macros.set(name, {
        kind: "project",
        packageName: project.name,
        name,
        uniqueId: `macro.${project.name}.${name}`,
        originalPath: file.originalPath,
        absolute: file.absolute,
        definition,
      })
    }
  }
  return macros
}
