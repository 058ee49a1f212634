{#-
  One row per value that no reader could read, or that was missing where a row is of no use without it.
  bronze: the bronze table; log: its silver log; columns: as given to silver_log.
-#}
{% macro failed_casts_of(source_name, data_set, bronze, log, columns) -%}
{%- set delivered = cartwright.delivered_columns(bronze) -%}
select
    '{{ source_name }}' as source_name,
    '{{ data_set }}' as data_set,
    log._landing_id as landing_id,
    log._row_number as row_number,
    checks.column_name,
    checks.expected,
    case checks.column_name
        {%- for column in columns if column.bit is defined and (not delivered or column.get('from', column.name) | lower in delivered) %}
        when '{{ column.name }}' then bronze.{{ adapter.quote(column.get('from', column.name)) }}
        {%- endfor %}
    end as delivered_text,
    checks.is_required as is_rejected,
    log._as_of as as_of,
    log._change_seq as change_seq
from {{ log }} as log
inner join (
    {%- for column in columns if column.bit is defined %}
    select {{ 2 ** column.bit }} as bit, '{{ column.name }}' as column_name, '{{ column.type }}' as expected, {{ 'true' if column.required else 'false' }} as is_required
    {{- ' union all' if not loop.last }}
    {%- endfor %}
) as checks on (log._failed_mask & checks.bit) <> 0
left join {{ bronze }} as bronze on bronze._seq = log._change_seq
where log._failed_mask <> 0 and log._op <> 'D'
{%- endmacro %}

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

{#- The columns of a built-in data set, as given to silver_log. -#}
{% macro columns_of(source_name, data_set) -%}
  {%- if source_name == 'thelook' -%} {{ return(cartwright.thelook_columns(data_set)) }}
  {%- else -%} {{ return(cartwright.online_retail_columns(data_set)) }}
  {%- endif -%}
{%- endmacro %}
