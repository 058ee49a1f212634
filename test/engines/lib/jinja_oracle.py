"""Renders templates with dbt's own Jinja environment.

Reads a JSON list of cases from stdin: {"template", "context"?, "macros"?, "native"?, "lenient"?}; writes a JSON list of
{"text"} (native: the repr of the value) or {"error", "type"} to stdout. `macros` is the text of a macro file: its
macros go into the context, as dbt does it. A case {"blocks": text} gives the macros of a file as JSON instead.
"""

import json
import sys
import types

from dbt_common.clients import jinja
from dbt_common.exceptions.macros import MacroReturn
import jinja2


def give_back(value=None):
    raise MacroReturn(value)


def show(*args, **kwargs):
    """What a function of the host is given."""
    return f"{args!r} {kwargs!r}"


def identity(value):
    return value


def macros_of(source, context):
    for block in jinja.extract_toplevel_blocks(
        source, allowed_blocks={"macro", "materialization", "test", "data_test"}, collect_raw_data=False
    ):
        ast = jinja.parse(block.full_block)
        (node,) = ast.find_all(jinja2.nodes.Macro)
        name = node.name.replace("dbt_macro__", "")
        macro = types.SimpleNamespace(name=name, macro_sql=block.full_block)
        context[name] = jinja.CallableMacroGenerator(macro, context)


def signatures(source):
    found = []
    for block in jinja.extract_toplevel_blocks(
        source, allowed_blocks={"macro", "materialization", "test", "data_test"}, collect_raw_data=False
    ):
        (node,) = jinja.parse(block.full_block).find_all(jinja2.nodes.Macro)
        name = node.name.replace("dbt_macro__", "")
        found.append([name, [arg.name for arg in node.args], len(node.defaults), block.full_block.strip()])
    return found


def render(case):
    if "blocks" in case:
        return json.dumps(signatures(case["blocks"]))
    context = dict(case.get("context") or {})
    context.update({"return": give_back, "show": show, "identity": identity})
    context["set"] = lambda items=(): set(items)
    context["zip"] = lambda *args: zip(*args)
    native = case.get("native", False)
    environment = jinja.get_environment(None, case.get("lenient", False), native=native)
    macros_of(case.get("macros", ""), context)
    template = environment.from_string(case["template"], globals=context)
    result = template.render(context)
    if native:
        return repr(result)
    if not isinstance(result, str):
        raise TypeError("not a string")
    return result


def outcome(case):
    try:
        return {"text": render(case)}
    except BaseException as error:
        inner = getattr(error, "exc", None)
        shown = inner if isinstance(inner, Exception) else error
        message = getattr(shown, "message", None) or str(shown)
        return {"error": str(message), "type": type(shown).__name__}


json.dump([outcome(case) for case in json.load(sys.stdin)], sys.stdout)
