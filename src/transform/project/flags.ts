import { unsupported } from "../errors.ts"
import type { Dict } from "../nodes.ts"
import { asDict, asStringList } from "../yaml/yaml.ts"

/** Flags of a project that change what dbt does, with the value whose behaviour this runner has. */
const BEHAVIOUR: Readonly<Record<string, unknown>> = {
  require_generic_test_arguments_property: true,
  require_ref_searches_node_package_before_root: false,
  skip_nodes_if_on_run_start_fails: false,
  require_batched_execution_for_custom_microbatch_strategy: false,
  store_failures: false,
  warn_error: false,
  empty: false,
  defer: false,
}

/** @throws CartwrightError `unsupported` for a flag that asks for another behaviour */
export function checkFlags(flags: Dict, file: string): void {
  const options = asDict(flags["warn_error_options"]) ?? {}
  for (const name of ["error", "include"]) {
    // Silencing warnings makes no difference to what is built; turning them into errors does.
    if (asStringList(options[name]).length > 0)
      throw unsupported(`the flag warn_error_options: ${name}`, file)
  }
  for (const [name, supported] of Object.entries(BEHAVIOUR)) {
    const value = flags[name]
    if (value !== undefined && value !== null && value !== supported)
      throw unsupported(`the flag ${name}: ${String(value)}`, file)
  }
}
