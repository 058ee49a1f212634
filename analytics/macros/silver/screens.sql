{#-
  Screens: what is checked of every record, declared in YAML beside the models (`config: meta: screens`; docs/screens.md).
  Those that need one record alone are evaluated by the silver log, in the pass that types the data: a record's failed
  screens are bits of `_failed_mask`. A column that is read has a screen of its own, `<column>_readable`.
-#}

{#-
  The screens of a model as declared, with what `var('screens')` says otherwise of them:
  {<source>.<data set>.<screen>: {action: …, …}}.
-#}
{% macro screens_of(node) -%}
  {%- set overrides = var('screens', {}) -%}
  {%- set place = cartwright.data_set_of(node.name) -%}
  {%- set screens = [] -%}
  {%- for declared in (node.config.get('meta') or {}).get('screens', []) -%}
    {%- set screen = {} -%}
    {%- do screen.update(declared) -%}
    {%- do screen.update(overrides.get(place ~ '.' ~ declared.name, {})) -%}
    {%- do screens.append(screen) -%}
  {%- endfor -%}
  {{ return(screens) }}
{%- endmacro %}

{#- `thelook.orders` of `log_thelook__orders` and `failing_thelook__orders`; a model without a data set is its own. -#}
{% macro data_set_of(name) -%}
  {%- set parts = name.split('__', 1) -%}
  {%- if parts | length == 2 -%} {{ return(parts[0].split('_', 1)[1] ~ '.' ~ parts[1]) }}
  {%- else -%} {{ return(name) }}
  {%- endif -%}
{%- endmacro %}

{#-
  The screens of the columns that are read: one per column with a bit. It fails where the text is no such value, and where a
  row is of no use without it. Whatever a shop says, a row without its key is rejected.
-#}
{% macro cast_screens(columns, place) -%}
  {%- set overrides = var('screens', {}) -%}
  {%- set screens = [] -%}
  {%- for column in columns if column.bit is defined -%}
    {%- set screen = {
      'name': column.name ~ '_readable', 'kind': 'cast', 'column': column.name, 'bit': column.bit,
      'severity': 'error' if column.required else 'warning', 'action': 'reject' if column.required else 'flag',
      'description': column.name ~ (' is there, as ' if column.required else ' is empty or ') ~ column.type
    } -%}
    {%- do screen.update(overrides.get(place ~ '.' ~ screen.name, {})) -%}
    {%- if column.key -%} {%- do screen.update({'action': 'reject'}) -%} {%- endif -%}
    {%- do screens.append(screen) -%}
  {%- endfor -%}
  {{ return(screens) }}
{%- endmacro %}

{#- The condition under which a record fails a screen of a silver log, over the typed columns. NULL is no failure. -#}
{% macro failure_of(screen, columns) -%}
  {%- set column = (columns | selectattr('name', 'equalto', screen.column) | first) if screen.column else {} -%}
  {%- set name = screen.column -%}
  {%- if screen.kind == 'cast' -%} {{ name }} is null{{ ' and _has_' ~ name if not column.required }}
  {%- elif screen.kind == 'not_null' -%} {{ name }} is null{{ ' and not _has_' ~ name if column.bit is defined }}
  {%- elif screen.kind == 'range' -%}
    {%- set parts = [] -%}
    {%- if screen.min is defined -%} {%- do parts.append(name ~ ' < ' ~ cartwright.bound_of(screen.min, column.type)) -%} {%- endif -%}
    {%- if screen.max is defined -%} {%- do parts.append(name ~ ' > ' ~ cartwright.bound_of(screen.max, column.type)) -%} {%- endif -%}
    {{ parts | join(' or ') }}
  {%- elif screen.kind == 'length' -%}
    {%- set parts = [] -%}
    {%- if screen.min is defined -%} {%- do parts.append('length(' ~ name ~ ') < ' ~ screen.min) -%} {%- endif -%}
    {%- if screen.max is defined -%} {%- do parts.append('length(' ~ name ~ ') > ' ~ screen.max) -%} {%- endif -%}
    {{ parts | join(' or ') }}
  {%- elif screen.kind == 'pattern' -%} not {{ cartwright.matches(name, screen.pattern) }}
  {%- elif screen.kind == 'accepted_values' -%} {{ name }} not in ({{ cartwright.texts_of(screen['values']) }})
  {%- elif screen.kind == 'not_in_future' -%}
    {{ cartwright.unix_micros(name) }} > {{ cartwright.unix_micros('_as_of') }} + {{ (screen.tolerance_days or 2) * 86400000000 }}
  {%- elif screen.kind == 'ordered_times' -%}
    {%- for earlier in screen.columns -%}
      {%- if not loop.last -%} {{ ' or ' if not loop.first }}{{ screen.columns[loop.index] }} < {{ earlier }} {%- endif -%}
    {%- endfor -%}
  {%- elif screen.kind == 'hierarchy' -%}
    {%- for parent, children in screen.members.items() -%}
      {{ ' or ' if not loop.first }}({{ screen.within }} = {{ cartwright.texts_of([parent]) }} and {{ name }} not in ({{ cartwright.texts_of(children) }}))
    {%- endfor -%}
  {%- elif screen.kind == 'business_rule' -%} not ({{ screen.condition }})
  {%- else -%} {{ exceptions.raise_compiler_error(
      "the screen '" ~ screen.name ~ "' has the kind '" ~ screen.kind ~ "'; of a single record there are not_null, range, length, pattern, "
      ~ "accepted_values, not_in_future, ordered_times, hierarchy, business_rule") }}
  {%- endif -%}
{%- endmacro %}

{#- A bound as SQL: a number, or a time written `2000-01-01`. -#}
{% macro bound_of(value, type) -%}
  {%- if type == 'timestamp' -%} timestamp '{{ value }}' {%- else -%} {{ value }} {%- endif -%}
{%- endmacro %}

{#- Texts as SQL literals, with commas between. -#}
{% macro texts_of(values) -%}
  {%- for value in values -%}
    {{ cartwright.literal(value) }}{{ ', ' if not loop.last }}
  {%- endfor -%}
{%- endmacro %}

{#- The columns that a screen looks at; each has a row in the details of an error. -#}
{% macro columns_looked_at(screen) -%}
  {%- set names = [] -%}
  {%- if screen.column -%} {%- do names.append(screen.column) -%} {%- endif -%}
  {%- for name in screen.columns or [] -%} {%- do names.append(name) -%} {%- endfor -%}
  {{ return(names) }}
{%- endmacro %}

{#- The sum of the bits of those screens whose action is this one. -#}
{% macro mask_of_action(screens, action) -%}
  {%- set mask = namespace(sum=0) -%}
  {%- for screen in screens if screen.action == action -%}
    {%- set mask.sum = mask.sum + 2 ** screen.bit -%}
  {%- endfor -%}
  {{ return(mask.sum) }}
{%- endmacro %}

{#- What of the screens decides the rows of a model that evaluates some, as text: what is declared, and what the shop says otherwise. -#}
{% macro rules_of_screens(node) -%}
  {%- set declared = (node.config.get('meta') or {}).get('screens', []) -%}
  {%- if not declared and not node.name.startswith('log_') -%} {{ return('') }} {%- endif -%}
  {%- set place = cartwright.data_set_of(node.name) ~ '.' -%}
  {%- set rules = [declared | string] -%}
  {%- for name, override in var('screens', {}).items() if name.startswith(place) -%}
    {%- do rules.append(name ~ override) -%}
  {%- endfor -%}
  {{ return(rules | join('\n')) }}
{%- endmacro %}
