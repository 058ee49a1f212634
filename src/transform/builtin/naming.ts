import { pythonStr } from "../values.ts"
import { asDict } from "../yaml/yaml.ts"
import { dispatched, plain, REQUIRED, type Builtin, type BuiltinCall, type BuiltinHost } from "./builtin.ts"

/** A host that knows the profile's target. */
export interface NamingHost extends BuiltinHost {
  target: { schema: string; database: string; name: string }
}

/** Where models go by default: the target's schema, or the target's schema and the custom one joined. */
export const NAMING: readonly Builtin[] = [
  dispatched(
    "generate_schema_name",
    { custom_schema_name: null, node: null },
    (call: BuiltinCall<NamingHost>) => {
      const custom = call.value("custom_schema_name")
      return custom === null || custom === undefined
        ? call.host.target.schema
        : `${call.host.target.schema}_${pythonStr(custom).trim()}`
    },
  ),
  plain(
    "generate_schema_name_for_env",
    { custom_schema_name: REQUIRED, node: null },
    (call: BuiltinCall<NamingHost>) => {
      const { name, schema } = call.host.target
      const custom = call.value("custom_schema_name")
      return name === "prod" && custom !== null && custom !== undefined ? pythonStr(custom).trim() : schema
    },
  ),
  dispatched("generate_alias_name", { custom_alias_name: null, node: null }, (call) => {
    const custom = call.value("custom_alias_name")
    if (custom !== null && custom !== undefined && custom !== "") return pythonStr(custom).trim()
    return asDict(call.value("node"))?.["name"]
  }),
  dispatched(
    "generate_database_name",
    { custom_database_name: null, node: null },
    (call: BuiltinCall<NamingHost>) => {
      const custom = call.value("custom_database_name")
      return custom === null || custom === undefined ? call.host.target.database : pythonStr(custom).trim()
    },
  ),
]
