-- Which product categories a session looked at: a session counts in each of them.
select distinct
    events.session_key,
    products.category
from {{ ref('fact_events') }} as events
inner join {{ ref('dim_event_types') }} as event_types on event_types.event_type_key = events.event_type_key
inner join {{ ref('dim_pages') }} as pages on pages.page_key = events.page_key
inner join {{ ref('dim_products') }} as products
    on products.product_durable_key = pages.product_durable_key and products.is_current
where event_types.funnel_step = 'view_product'
    and products.category is not null
    and events.session_key > 0
