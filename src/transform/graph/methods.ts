import { CartwrightError } from "../../core/errors.ts"
import { allNodes, isDbtNode, RESOURCE_TYPES, type GraphNode, type Manifest } from "../nodes.ts"
import { fnmatch, globPath } from "./glob.ts"
import type { Criterion } from "./spec.ts"

/** The ids of the nodes that a term's method and value match, before `+` and `@` are applied. */
export function searchNodes(manifest: Manifest, projectName: string, term: Criterion): string[] {
  const matches = matcher(projectName, term)
  const found: string[] = []
  for (const node of allNodes(manifest)) if (isMember(node) && matches(node)) found.push(node.unique_id)
  return found
}

/** Disabled nodes are kept elsewhere; this leaves out what a `config: enabled: false` of another kind switched off. */
function isMember(node: GraphNode): boolean {
  return node.config["enabled"] !== false
}

function matcher(projectName: string, term: Criterion): (node: GraphNode) => boolean {
  const { value } = term
  switch (term.method) {
    case "fqn":
      return (node) => node.resource_type !== "source" && matchesFqn(node.fqn, value)
    case "tag":
      return (node) => node.tags.some((tag) => fnmatch(tag, value))
    case "group":
      return (node) => typeof node.config["group"] === "string" && fnmatch(node.config["group"], value)
    case "access":
      return (node) => node.resource_type === "model" && isDbtNode(node) && node.access === value
    case "source":
      return sourceMatcher(value)
    case "path":
      return pathMatcher(value)
    case "file":
      return (node) => {
        const file = node.original_file_path.split("/").at(-1) ?? ""
        return fnmatch(file, value) || fnmatch(file.replace(/\.[^.]*$/, ""), value)
      }
    case "package": {
      const pattern = value === "this" ? projectName : value
      return (node) => fnmatch(node.package_name, pattern)
    }
    case "config":
      return (node) =>
        (isDbtNode(node) || node.resource_type === "source") &&
        configMatches(node.config, term.methodArguments, value)
    case "test_name":
      return (node) =>
        isDbtNode(node) && node.test_metadata !== undefined && fnmatch(node.test_metadata.name, value)
    case "test_type":
      return testTypeMatcher(value)
    case "resource_type":
      if (!RESOURCE_TYPES.some((type) => type === value)) {
        throw new CartwrightError("usage", `unknown resource type '${value}'`, {
          place: `--select ${term.raw}`,
          choices: RESOURCE_TYPES,
        })
      }
      return (node) => node.resource_type === value
    default:
      return namedMatcher(term)
  }
}

/** Whether a qualified name, a leaf name or a pattern selects a node by its fqn, with or without its package. */
function matchesFqn(fqn: readonly string[], selector: string): boolean {
  return matchesPath(fqn, selector) || matchesPath(fqn.slice(1), selector)
}

function matchesPath(fqn: readonly string[], selector: string): boolean {
  const leaf = fqn.at(-1) ?? ""
  if (leaf === selector) return true
  const path = fqn.flatMap((segment) => segment.split("."))
  const parts = selector.split(".")
  if (path.length < parts.length) return false
  const wild = parts.findIndex((part) => /[*?[\]]/.test(part))
  const plain = wild < 0 ? parts.length : wild
  for (let i = 0; i < plain; i++) if (path[i] !== parts[i]) return false
  if (wild < 0) return true
  if (fnmatch(path.slice(wild).join("."), parts.slice(wild).join("."))) return true
  return parts.length === 1 && fnmatch(leaf, selector)
}

function sourceMatcher(value: string): (node: GraphNode) => boolean {
  const parts = value.split(".")
  if (parts.length > 3) {
    throw new CartwrightError("usage", `invalid source selector '${value}'`, {
      choices: ["source", "source.table", "package.source.table"],
    })
  }
  const [pkg, source, table] =
    parts.length === 1 ? ["*", parts[0], "*"] : parts.length === 2 ? ["*", parts[0], parts[1]] : parts
  return (node) =>
    node.resource_type === "source" &&
    "source_name" in node &&
    fnmatch(node.package_name, pkg ?? "*") &&
    fnmatch(String(node.source_name), source ?? "*") &&
    fnmatch(node.name, table ?? "*")
}

/** A path or glob selects files, the files below a folder, and nodes described in a property file that matches. */
function pathMatcher(value: string): (node: GraphNode) => boolean {
  const cached = new Map<string, boolean>()
  const matches = (path: string): boolean => {
    let known = cached.get(path)
    if (known === undefined) {
      known = globPath(path, value)
      cached.set(path, known)
    }
    return known
  }
  return (node) => {
    const patch = "patch_path" in node && typeof node.patch_path === "string" ? node.patch_path : undefined
    if (matches(node.original_file_path) || (patch && matches(patch.slice(patch.indexOf("://") + 3))))
      return true
    const parts = node.original_file_path.split("/")
    for (let i = 1; i < parts.length; i++) if (matches(parts.slice(0, i).join("/"))) return true
    return false
  }
}

function configMatches(config: unknown, path: readonly string[], written: string): boolean {
  let value = config
  for (const key of path) {
    if (value === null || typeof value !== "object" || !(key in value)) return false
    value = (value as Record<string, unknown>)[key]
  }
  const equals = (actual: unknown): boolean =>
    (path.length === 1 && path[0] === "severity"
      ? String(actual).toUpperCase() === written.toUpperCase()
      : actual === written) ||
    (actual === true && written.toLowerCase() === "true") ||
    (actual === false && written.toLowerCase() === "false")
  return Array.isArray(value) ? value.some(equals) : equals(value)
}

function testTypeMatcher(value: string): (node: GraphNode) => boolean {
  const generic = (node: GraphNode): boolean => isDbtNode(node) && node.test_metadata !== undefined
  const singular = (node: GraphNode): boolean => node.resource_type === "test" && !generic(node)
  if (value === "generic" || value === "schema") return generic
  if (value === "data") return (node) => node.resource_type === "test"
  if (value === "singular") return singular
  if (value === "unit") return (node) => node.resource_type === "unit_test"
  throw new CartwrightError("usage", `unknown test type '${value}'`, {
    choices: ["generic", "singular", "unit", "data"],
  })
}

/** exposure:, metric:, semantic_model:, saved_query:, unit_test: by name, optionally with the package. */
function namedMatcher(term: Criterion): (node: GraphNode) => boolean {
  const parts = term.value.split(".")
  if (parts.length > 2) {
    throw new CartwrightError("usage", `invalid ${term.method} selector '${term.value}'`, {
      choices: ["name", "package.name"],
    })
  }
  const [pkg, name] = parts.length === 1 ? ["*", parts[0]] : parts
  return (node) =>
    node.resource_type === term.method &&
    fnmatch(node.package_name, pkg ?? "*") &&
    fnmatch(node.name, name ?? "*")
}
