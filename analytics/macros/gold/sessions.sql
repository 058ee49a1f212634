{#-
  The sessions that a model looks at again, as a query of session_key: those of changed events, before and after the change;
  with 'categories' those whose products got another category; with 'sessions' those too, and those whose customer got another version;
  with 'products' those that were written anew.
-#}
{% macro changed_sessions(moment, what) -%}
  {%- set in_log = cartwright.keys_in_log('thelook', 'events', 'session_id', 'session_id', cartwright.in_changed_keys('thelook', 'events', 'event_id', moment)) -%}
  {%- set events = ref('fact_events') -%}
  {%- set pages = ref('dim_pages') -%}
  {%- set products = ref('dim_products') -%}
  {%- set customers = ref('dim_customers') -%}
  {%- set categories = this if what == 'categories' else ref('bridge_session_categories') -%}
select {{ cartwright.key_of(['source_name', 'session_id']) }} as session_key
from ({{ cartwright.union_of_keys([in_log], 'session_id') }}) as changed_events
  {%- if moment.all %}
  {%- elif what == 'products' %}
union distinct
select session_key from {{ ref('fact_sessions') }} where _cut > {{ moment.since }}
  {%- elif what == 'categories' %}
union distinct
select events.session_key
from {{ products }} as products
inner join {{ pages }} as pages on pages.product_durable_key = products.product_durable_key
inner join {{ events }} as events on events.page_key = pages.page_key and {{ cartwright.is_valid_at('products', 'events.occurred_at') }}
left join {{ categories }} as known on known.session_key = events.session_key and known.category = products.category
where products._cut > {{ moment.since }} and products.product_durable_key > 0 and events.session_key > 0
    and known.session_key is null
  {%- else %}
union distinct
select session_key from {{ categories }} where _cut > {{ moment.since }}
union distinct
{{ cartwright.rows_to_rekey(['session_key'], 'started_at', [['dim_customers', 'customer', []]], moment) }}
  {%- endif -%}
{%- endmacro %}

{#- Post-hook of a model by session. -#}
{% macro purge_sessions(what) -%}
  {%- set moment = cartwright.moment(entities=true) -%}
  {{ cartwright.purge('session_key', cartwright.changed_sessions(moment, what), entities=true) }}
{%- endmacro %}
