{#-
  on-run-start of the package: what the quality tables keep that cannot be built again from the landings, beside meta.cuts.
  `closed_errors` remembers errors that ended; `record_places` says in which line a record begins, which only the program that reads
  the files can tell.
-#}
{% macro begin_quality() -%}
  {%- if execute and flags.WHICH in ['run', 'build'] -%}
    {%- set text = cartwright.type_of('text') -%}
    {%- set integer = cartwright.type_of('integer') -%}
    {%- do run_query('create schema if not exists ' ~ cartwright.meta_relation('closed_errors').without_identifier()) -%}
    {%- do run_query(
      'create table if not exists ' ~ cartwright.meta_relation('closed_errors') ~ ' (source_name ' ~ text ~ ', data_set ' ~ text
      ~ ', screen_name ' ~ text ~ ', column_name ' ~ text ~ ', landing_id ' ~ text ~ ', row_number ' ~ integer ~ ', record_key ' ~ text
      ~ ', offending_value ' ~ text ~ ', is_rejected ' ~ cartwright.type_of('boolean') ~ ', first_seen_at timestamp, closed_at timestamp, cut ' ~ integer ~ ')'
    ) -%}
    {%- do run_query(
      'create table if not exists ' ~ cartwright.meta_relation('record_places') ~ ' (landing_id ' ~ text ~ ', row_number ' ~ integer
      ~ ', file ' ~ text ~ ', line ' ~ integer ~ ')'
    ) -%}
  {%- endif -%}
{%- endmacro %}

{#- The name of a landing's file, where it has one alone; `files` is the JSON of bronze.landings. -#}
{% macro file_of(files) -%}
  {{ return(adapter.dispatch('file_of', 'cartwright')(files)) }}
{%- endmacro %}
{% macro duckdb__file_of(files) -%}
  case when json_extract_string({{ files }}, '$[1].name') is null then json_extract_string({{ files }}, '$[0].name') end
{%- endmacro %}
{% macro bigquery__file_of(files) -%}
  case when json_value({{ files }}, '$[1].name') is null then json_value({{ files }}, '$[0].name') end
{%- endmacro %}

{#- The condition under which a batch fails a screen of its own. -#}
{% macro failure_of_batch(screen) -%}
  {%- if screen.kind == 'volume' -%}
    earlier_batches >= {{ screen.least_batches }} and (rows_read < usual_rows * {{ screen.min }} or rows_read > usual_rows * {{ screen.max }})
  {%- elif screen.kind == 'freshness' -%}
    earlier_batches > {{ screen.least_batches }} and hours_since_previous > usual_hours * {{ screen.max }}
  {%- else -%} {{ exceptions.raise_compiler_error(
      "the screen '" ~ screen.name ~ "' has the kind '" ~ screen.kind ~ "'; of batches there are volume and freshness") }}
  {%- endif -%}
{%- endmacro %}
{% macro cast_batch_value(screen) -%}
  {%- if screen.kind == 'volume' -%} cast(rows_read as {{ cartwright.type_of('text') }})
  {%- else -%} cast({{ cartwright.as_type('round(hours_since_previous)', 'integer') }} as {{ cartwright.type_of('text') }})
  {%- endif -%}
{%- endmacro %}

{#- What a screen is told beside its columns, as text. -#}
{% macro parameters_of(screen) -%}
  {%- set parts = [] -%}
  {%- for name, value in screen.items() if name not in ['name', 'kind', 'column', 'columns', 'severity', 'action', 'bit', 'description'] -%}
    {%- do parts.append(name ~ ': ' ~ (value | join(', ') if value is sequence and value is not string and value is not mapping else value)) -%}
  {%- endfor -%}
  {{ return(parts | join('; ')) }}
{%- endmacro %}
