import { randomUUID } from "node:crypto"
import { Database } from "../adapter/database.ts"
import type { Invocation } from "../context/context.ts"
import { newCaptured, newContext } from "../context/new-context.ts"
import { renderNative } from "../context/render.ts"
import type { DbtOptions } from "../dbt.ts"
import { MacroLibrary } from "../macros/library.ts"
import type { Manifest } from "../nodes.ts"
import { Lookup } from "../parse/lookup.ts"
import { readPackages } from "../project/packages.ts"
import { readTarget, type Target } from "../project/profile.ts"
import { readProject, type Project } from "../project/project-file.ts"
import type { RenderValue } from "../project/render-tree.ts"

/** Reads the project's files, its profile and its packages; nothing is parsed and the database is not opened. */
export async function openInvocation(options: DbtOptions): Promise<Invocation> {
  const id = randomUUID()
  const startedAt = options.effects.now()
  const base = baseInvocation(options, id, startedAt)
  const render: RenderValue = (text, place) =>
    renderNative(newContext(base, { captured: newCaptured() }), text, place)
  const stated = await readProject(options.projectDir, render)
  const target = await readTarget(
    {
      profilesDir: options.profilesDir,
      profile: options.profile ?? stated.profile,
      target: options.target,
      threads: options.threads,
      dialect: options.dialect ?? "duckdb",
    },
    render,
  )
  // The project file may use `target`, which is known only now.
  base.target = target
  const root = await readProject(options.projectDir, render)
  base.root = root
  const packages = await readPackages(root, render)
  const projects = new Map([root, ...packages].map((project) => [project.name, project]))
  if (options.targetPath !== undefined) root.targetPath = options.targetPath
  const manifest = emptyManifest()
  return {
    ...base,
    root,
    projects,
    target,
    database: new Database(target, options.effects.signal),
    macros: new MacroLibrary(root, projects.values(), target.dialect),
    manifest,
    lookup: new Lookup(manifest, root.name),
    secrets: false,
  }
}

/** What project and profile files are rendered with: only the command line's vars and the environment. */
function baseInvocation(options: DbtOptions, id: string, startedAt: Date): Invocation {
  const nothing = {
    name: "",
    vars: {},
    dispatch: [],
    quoting: {},
    root: options.projectDir,
  } as unknown as Project
  return {
    id,
    startedAt,
    command: options.command,
    root: nothing,
    projects: new Map(),
    target: {
      name: options.target ?? "default",
      profileName: "",
      schema: "",
      database: "",
      path: "",
      threads: 1,
      fields: {},
    } as unknown as Target,
    database: undefined as unknown as Database,
    macros: { resolve: () => undefined, dbtVersion: "" } as unknown as MacroLibrary,
    manifest: emptyManifest(),
    lookup: undefined as unknown as Lookup,
    vars: options.vars ?? {},
    secrets: true,
    asked: { environment: new Set(), clock: false },
    environment: options.environment,
    fullRefresh: options.fullRefresh === true,
    failFast: options.failFast === true,
    effects: options.effects,
    selected: [],
    tell: (level, text) => options.onNode?.({ kind: "message", level, text }),
  }
}

function emptyManifest(): Manifest {
  return {
    nodes: new Map(),
    sources: new Map(),
    exposures: new Map(),
    metrics: new Map(),
    semanticModels: new Map(),
    savedQueries: new Map(),
    unitTests: new Map(),
    groups: new Map(),
    docs: new Map(),
    disabled: new Map(),
  }
}
