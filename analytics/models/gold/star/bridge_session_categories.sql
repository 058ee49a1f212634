{{ config(
    materialized='incremental', unique_key=['session_key', 'category'],
    post_hook="{{ cartwright.purge_sessions('categories') }}"
) }}
{%- set moment = moment(entities=true) %}
{%- set looked_at = changed_sessions(moment, 'categories') %}

-- Which product categories a session looked at, as they were then: a session counts in each of them.
select distinct
    events.session_key,
    products.category,
    {{ moment.cut }} as _cut
from ({{ rows_of(ref('fact_events'), ['session_key'], looked_at, moment) }}) as events
inner join {{ ref('dim_event_types') }} as event_types on event_types.event_type_key = events.event_type_key
inner join {{ ref('dim_pages') }} as pages on pages.page_key = events.page_key
inner join {{ ref('dim_products') }} as products
    on products.product_durable_key = pages.product_durable_key and {{ is_valid_at('products', 'events.occurred_at') }}
where event_types.funnel_step = 'view_product'
    and products.category is not null
    and events.session_key > 0
