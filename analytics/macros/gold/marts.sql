{#-
  What of the marts a change touches. Rows of facts that were written anew tell where they are now; the silver logs tell where
  they were before they moved or vanished.
-#}

{#- Days of changed sales, as a query of date_key. -#}
{% macro changed_sale_days(moment) -%}
  {%- set sales = ref('fact_sales') -%}
  {%- set thelook = cartwright.keys_in_log('thelook', 'order_items', cartwright.date_key('created_at'), 'date_key', cartwright.in_changed_keys('thelook', 'order_items', 'order_item_id', moment)) -%}
  {%- set retail = cartwright.keys_in_log('online_retail', 'invoices', cartwright.date_key('invoiced_at'), 'date_key', ' where _cut > ' ~ moment.since) -%}
select date_key from {{ sales }} where _cut > {{ moment.since }}
  {%- for part in [thelook, retail] if part | trim %}
union distinct
select date_key from ({{ part | trim }}) as told
  {%- endfor -%}
{%- endmacro %}

{#- The first days of the months of changed sales, as a query of month_start. -#}
{% macro changed_sale_months(moment) -%}
select distinct dates.month_start
from {{ ref('dim_dates') }} as dates
inner join ({{ cartwright.changed_sale_days(moment) }}) as days on days.date_key = dates.date_key
where dates.month_start is not null
{%- endmacro %}

{#- Customers of changed sales, as a query of customer_durable_key. -#}
{% macro changed_buyers(moment) -%}
  {%- set sales = ref('fact_sales') -%}
  {%- set thelook = cartwright.keys_in_log('thelook', 'order_items', 'user_id', 'customer_id', cartwright.in_changed_keys('thelook', 'order_items', 'order_item_id', moment)) -%}
  {%- set retail = cartwright.keys_in_log('online_retail', 'invoices', 'customer_id', 'customer_id', ' where _cut > ' ~ moment.since) -%}
select customer_durable_key from {{ sales }} where _cut > {{ moment.since }} and customer_durable_key > 0
union distinct
select {{ cartwright.durable_key(['source_name', 'customer_id']) }} from ({{ cartwright.union_of_keys([thelook, retail], 'customer_id') }}) as told
{%- endmacro %}

{#- Customers of changed events, as a query of customer_durable_key. -#}
{% macro changed_visitors(moment) -%}
  {%- set events = ref('fact_events') -%}
  {%- set thelook = cartwright.keys_in_log('thelook', 'events', 'user_id', 'customer_id', cartwright.in_changed_keys('thelook', 'events', 'event_id', moment)) -%}
select customer_durable_key from {{ events }} where _cut > {{ moment.since }} and customer_durable_key > 0
union distinct
select {{ cartwright.durable_key(['source_name', 'customer_id']) }} from ({{ cartwright.union_of_keys([thelook], 'customer_id') }}) as told
{%- endmacro %}

{#- Days of changed sessions, as a query of date_key: a session may have begun on the day of any of its events. -#}
{% macro changed_session_days(moment) -%}
  {%- set sessions = ref('fact_sessions') -%}
  {%- set events = ref('fact_events') -%}
  {%- set changed_rows = cartwright.in_changed_keys('thelook', 'events', 'event_id', moment) -%}
  {%- set days = cartwright.keys_in_log('thelook', 'events', cartwright.date_key('created_at'), 'date_key', changed_rows) -%}
  {%- set ids = cartwright.keys_in_log('thelook', 'events', 'session_id', 'session_id', changed_rows) -%}
select date_key from {{ sessions }} where _cut > {{ moment.since }}
  {%- if days | trim %}
union distinct
select date_key from ({{ days | trim }}) as told
union distinct
select events.date_key
from {{ events }} as events
inner join (
    select distinct {{ cartwright.key_of(['source_name', 'session_id']) }} as session_key from ({{ ids | trim }}) as told
) as changed_sessions on changed_sessions.session_key = events.session_key
  {%- endif -%}
{%- endmacro %}

{#- Post-hook of a mart: groups of what changed that no longer are. what: as in the macros above. -#}
{% macro purge_mart(what, key) -%}
  {%- set moment = cartwright.moment(entities=true) -%}
  {%- if what == 'sale days' -%} {{ cartwright.purge(key, cartwright.changed_sale_days(moment), entities=true) }}
  {%- elif what == 'sale months' -%} {{ cartwright.purge(key, cartwright.changed_sale_months(moment), entities=true) }}
  {%- elif what == 'buyers' -%} {{ cartwright.purge(key, cartwright.changed_buyers(moment), entities=true) }}
  {%- elif what == 'session days' -%} {{ cartwright.purge(key, cartwright.changed_session_days(moment), entities=true) }}
  {%- endif -%}
{%- endmacro %}
