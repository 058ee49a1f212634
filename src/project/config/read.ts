import { readFileSync } from "node:fs"
import { CartwrightError, messageOf } from "../../core/errors.ts"
import { ConfigError, type ConfigProblem } from "./config-error.ts"
import { withGcpConfig } from "./gcp-config.ts"
import { configJsonSchema } from "./json-schema.ts"
import { environmentProblems, problemsOf } from "./problems.ts"
import { configSchema, type ShopConfig } from "./schema.ts"
import { readYamlText, type Position } from "./yaml-text.ts"

/** A configuration and where its values are written. */
export interface ReadConfig {
  config: ShopConfig
  /** Where a value is written; for a default, where it would be. */
  placeOf: (path: readonly string[]) => Position
}

/**
 * Reads and checks `cartwright.yaml`, with `config/gcp_config.json` beside it.
 * @param file absolute path
 * @throws ConfigError with everything that is wrong
 */
export function readConfig(file: string): ReadConfig {
  let text: string
  try {
    text = readFileSync(file, "utf8")
  } catch (cause) {
    throw new CartwrightError("config", `cannot read the configuration: ${messageOf(cause)}`, {
      place: file,
      next: "Name the shop's folder with --dir, or make a shop with `cartwright init`.",
      cause,
    })
  }
  return parseConfig(text, file)
}

/** As {@link readConfig}, from a text. */
export function parseConfig(text: string, file: string): ReadConfig {
  const yaml = readYamlText(text)
  if (yaml.problems.length > 0) throw new ConfigError(file, yaml.problems)
  const value = withGcpConfig(yaml, file)
  const parsed = configSchema.safeParse(value)
  const problems: ConfigProblem[] = environmentProblems(yaml)
  if (!parsed.success) problems.unshift(...problemsOf(parsed.error.issues, yaml, configJsonSchema()))
  if (!parsed.success || problems.length > 0) throw new ConfigError(file, problems)
  return { config: parsed.data, placeOf: yaml.valueAt }
}
