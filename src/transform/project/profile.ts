import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { CartwrightError } from "../../core/errors.ts"
import type { Dialect } from "../dbt.ts"
import { didYouMean, unsupported } from "../errors.ts"
import type { Dict } from "../nodes.ts"
import { renderTree, type RenderValue } from "./render-tree.ts"
import { asDict, loadYaml } from "../yaml/yaml.ts"

/** Where and how to run: one output of one profile. */
export interface Target {
  profileName: string
  dialect: Dialect
  /** Name of the output, `target.name` in Jinja. */
  name: string
  /** DuckDB file as written (relative to the working directory), or `:memory:`. */
  path: string
  /** The catalog: the file's stem. */
  database: string
  schema: string
  threads: number
  extensions: string[]
  /** `SET` in every session. */
  settings: Dict
  /** Given when the database is opened. */
  configOptions: Dict
  /** All fields of the output that Jinja's `target` shows. */
  fields: Dict
}

export interface ProfileChoice {
  profilesDir: string
  /** From --profile, else the project's `profile:`. */
  profile: string | undefined
  target: string | undefined
  threads: number | undefined
  /** What the project is parsed for. */
  dialect: Dialect
}

const REFUSED = [
  "attach",
  "secrets",
  "filesystems",
  "remote",
  "plugins",
  "use_credential_provider",
  "module_paths",
  "is_ducklake",
  "disable_transactions",
]
const KNOWN = new Set([
  ...REFUSED,
  "type",
  "path",
  "database",
  "schema",
  "threads",
  "extensions",
  "settings",
  "config_options",
  "external_root",
  "keep_open",
  "retries",
])

/**
 * Reads `profiles.yml` and chooses the output to use.
 * @throws CartwrightError `config` when it is missing or wrong, `unsupported` for what only real dbt can connect to
 */
export async function readTarget(choice: ProfileChoice, render: RenderValue): Promise<Target> {
  const file = join(choice.profilesDir, "profiles.yml")
  if (!existsSync(file)) {
    throw new CartwrightError("config", "there is no profiles.yml here", {
      place: choice.profilesDir,
      next: "Name its folder with --profiles-dir.",
    })
  }
  const profiles = asDict(await loadYaml(readFileSync(file, "utf8"), file)) ?? {}
  const profileName = choice.profile
  if (profileName === undefined) {
    throw new CartwrightError("config", "the project names no profile", {
      place: file,
      choices: profileNames(profiles),
      next: "Set profile: in dbt_project.yml, or pass --profile.",
    })
  }
  const profile = asDict(profiles[profileName])
  if (profile === undefined) {
    const choices = profileNames(profiles)
    throw new CartwrightError(
      "config",
      `there is no profile '${profileName}'${didYouMean(profileName, choices)}`,
      {
        place: file,
        choices,
      },
    )
  }
  const outputs = asDict(profile["outputs"]) ?? {}
  const renderHere = (text: string): Promise<unknown> => render(text, file)
  const name = choice.target ?? String(await renderTree(profile["target"] ?? "default", renderHere))
  const output = asDict(await renderTree(outputs[name], renderHere))
  if (output === undefined) {
    throw new CartwrightError(
      "config",
      `the profile '${profileName}' has no target '${name}'${didYouMean(name, Object.keys(outputs))}`,
      { place: file, choices: Object.keys(outputs) },
    )
  }
  return targetOf(profileName, name, output, choice, file)
}

function targetOf(
  profileName: string,
  name: string,
  output: Dict,
  { threads, dialect }: ProfileChoice,
  file: string,
): Target {
  const place = `${file} (${profileName}.outputs.${name})`
  const type = output["type"]
  if (type !== "duckdb") throw unsupported(`profile type '${String(type)}'`, place)
  for (const key of REFUSED) {
    const value = output[key]
    const set = Array.isArray(value)
      ? value.length > 0
      : value !== undefined && value !== null && value !== false
    if (set) throw unsupported(`${key}: in a DuckDB profile`, place)
  }
  for (const key of Object.keys(output)) {
    if (!KNOWN.has(key)) {
      throw new CartwrightError(
        "config",
        `unknown key '${key}' in the profile${didYouMean(key, [...KNOWN])}`,
        {
          place,
          choices: [...KNOWN].filter((known) => !REFUSED.includes(known)),
        },
      )
    }
  }
  const path = String(output["path"] ?? ":memory:")
  if (/^(md|motherduck|ducklake|quack):/.test(path)) throw unsupported(`DuckDB path '${path}'`, place)
  const database = path === ":memory:" ? "memory" : stem(path)
  if (output["database"] !== undefined && output["database"] !== database) {
    throw new CartwrightError(
      "config",
      `database: must be '${database}', the stem of the file, or left out`,
      { place },
    )
  }
  const schema = String(output["schema"] ?? "main")
  const used = threads ?? Number(output["threads"] ?? 1)
  return {
    profileName,
    dialect,
    name,
    path,
    database,
    schema,
    threads: Number.isInteger(used) && used > 0 ? used : 1,
    extensions: extensionNames(output["extensions"], place),
    settings: asDict(output["settings"]) ?? {},
    configOptions: asDict(output["config_options"]) ?? {},
    fields: output,
  }
}

function extensionNames(value: unknown, place: string): string[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new CartwrightError("config", "extensions: must be a list", { place })
  return value.map((entry) => String(asDict(entry)?.["name"] ?? entry))
}

function profileNames(profiles: Dict): string[] {
  return Object.keys(profiles).filter((name) => name !== "config")
}

function stem(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1)
  const dot = name.lastIndexOf(".")
  return dot > 0 ? name.slice(0, dot) : name
}
