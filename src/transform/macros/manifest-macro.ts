import type { Dict } from "../nodes.ts"
import type { ProjectMacro } from "./entry.ts"

/** A macro as the manifest lists it. */
export function manifestMacro(macro: ProjectMacro): Dict {
  const described = macro.described ?? {}
  return {
    name: macro.name,
    resource_type: "macro",
    package_name: macro.packageName,
    path: macro.originalPath,
    original_file_path: macro.originalPath,
    unique_id: macro.uniqueId,
    macro_sql: macro.definition.text,
    depends_on: { macros: [] },
    description: String(described["description"] ?? ""),
    meta: described["meta"] ?? {},
    docs: { show: true, node_color: null },
    config: { meta: {}, docs: { show: true, node_color: null } },
    patch_path: described["patch_path"] ?? null,
    arguments: described["arguments"] ?? [],
    created_at: 0,
    supported_languages: null,
  }
}
