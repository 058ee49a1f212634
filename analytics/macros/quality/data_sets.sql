{#- Every data set with a silver log in this shop: [source, data set, key of a row or none where the data set has no key]. -#}
{% macro logged_data_sets() -%}
  {%- set known = [
    ['thelook', 'users', 'user_id'],
    ['thelook', 'products', 'product_id'],
    ['thelook', 'orders', 'order_id'],
    ['thelook', 'order_items', 'order_item_id'],
    ['thelook', 'events', 'event_id'],
    ['online_retail', 'invoices', none]
  ] -%}
  {%- set here = [] -%}
  {%- for source_name, data_set, key in known if cartwright.has_data_set(source_name, data_set) -%}
    {%- do here.append([source_name, data_set, key]) -%}
  {%- endfor -%}
  {{ return(here) }}
{%- endmacro %}

{#- The key of a built-in data set's rows, none where it has none. -#}
{% macro key_in(source_name, data_set) -%}
  {%- for its_source, its_data_set, key in cartwright.logged_data_sets() if its_source == source_name and its_data_set == data_set -%}
    {{ return(key) }}
  {%- endfor -%}
  {{ return(none) }}
{%- endmacro %}

{#- The columns of a built-in data set, as given to silver_log. -#}
{% macro columns_of(source_name, data_set) -%}
  {%- if source_name == 'thelook' -%} {{ return(cartwright.thelook_columns(data_set)) }}
  {%- else -%} {{ return(cartwright.online_retail_columns(data_set)) }}
  {%- endif -%}
{%- endmacro %}

{#- A model of this package as dbt knows it; only where `execute` is true. -#}
{% macro node_named(name) -%}
  {{ return(graph.nodes['model.cartwright.' ~ name]) }}
{%- endmacro %}

{#- The columns of a silver log that say something about a person (`meta: pii`), by name. -#}
{% macro personal_columns(source_name, data_set) -%}
  {%- set names = [] -%}
  {%- if execute -%}
    {%- for name, column in cartwright.node_named('log_' ~ source_name ~ '__' ~ data_set).columns.items() -%}
      {%- if (column.get('config') or {}).get('meta', {}).get('pii') or (column.get('meta') or {}).get('pii') -%}
        {%- do names.append(name) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endif -%}
  {{ return(names) }}
{%- endmacro %}

{#-
  All screens of a data set: of its columns, its records, and across records and tables, in this order. Empty while dbt only parses.
-#}
{% macro screens_in(source_name, data_set) -%}
  {%- set screens = [] -%}
  {%- if execute -%}
    {%- set place = source_name ~ '.' ~ data_set -%}
    {%- set log = cartwright.node_named('log_' ~ source_name ~ '__' ~ data_set) -%}
    {%- do screens.extend(cartwright.cast_screens(cartwright.columns_of(source_name, data_set), place)) -%}
    {%- do screens.extend(cartwright.screens_of(log)) -%}
    {%- do screens.extend(cartwright.screens_of(cartwright.node_named('failing_' ~ source_name ~ '__' ~ data_set))) -%}
  {%- endif -%}
  {{ return(screens) }}
{%- endmacro %}

{#- The screen of lines that were no records at all, which the loader sets aside. -#}
{% macro line_screen() -%}
  {{ return({'name': 'readable_line', 'kind': 'line', 'severity': 'error', 'action': 'reject',
    'description': 'A line has as many fields as the header, closes its quotes and is text in the declared encoding'}) }}
{%- endmacro %}
