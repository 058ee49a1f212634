{{ config(enabled=has_data_set('thelook', 'events'), materialized='incremental', unique_key='uri', post_hook="{{ cartwright.purge_all() }}") }}
{%- set moment = moment() %}

-- The shop's addresses say what a page shows: /product/123, /department/men/category/jeans/brand/levis, /cart, …
-- A page stays once an event has named it.
with uris as (

    select distinct uri
    from {{ ref('log_thelook__events') }}
    where uri is not null and not _is_rejected and _op <> 'D'
    {%- if not moment.all %}
        and _cut > {{ moment.since }} and uri not in (select uri from {{ this }})
    {%- endif %}

)

select
    'thelook' as source_name,
    uri,
    coalesce({{ extract_match('uri', '^/([a-z_-]+)') }}, 'home') as page_type,
    {{ extract_match('uri', product_page()) }} as product_id,
    {{ extract_match('uri', '^/department/([^/?#]+)') }} as department,
    {{ extract_match('uri', '/category/([^/?#]+)') }} as category,
    {{ extract_match('uri', '/brand/([^/?#]+)') }} as brand,
    {{ moment.cut }} as _cut
from uris
