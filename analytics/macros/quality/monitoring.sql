{#-
  The landings whose news may have changed since the model's moment: those of log rows that are new or judged anew, those of
  rows that now follow such a row, and, where such a row is rejected and so no longer competes, those of its key's other rows.
-#}
{% macro landings_since(source_name, data_set, key, moment) -%}
{%- set log = ref('log_' ~ source_name ~ '__' ~ data_set) -%}
select _landing_id from {{ log }} where _cut > {{ moment.since }}
{%- if key is not none %}
union distinct
select later._landing_id
from {{ ref('superseded_' ~ source_name ~ '__' ~ data_set) }} as earlier
inner join {{ log }} as later on later._change_seq = earlier._replaced_by_seq
where earlier._cut > {{ moment.since }} and earlier._change_seq in (select _change_seq from {{ log }} where _cut > {{ moment.since }})
union distinct
select _landing_id
from {{ log }}
where {{ key }} in (select {{ key }} from {{ log }} where _cut > {{ moment.since }} and _is_rejected and {{ key }} is not null)
{%- endif -%}
{%- endmacro %}

{#- The same of all data sets, for the post-hook of landing_nulls. -#}
{% macro remeasured_landings() -%}
{%- set moment = cartwright.moment() -%}
{%- for source_name, data_set, key in cartwright.logged_data_sets() -%}
{{ cartwright.landings_since(source_name, data_set, key, moment) }}
{{ 'union distinct' if not loop.last }}
{% else -%}
select ''
{%- endfor -%}
{%- endmacro %}
