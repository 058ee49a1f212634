{{ config(enabled=has_data_set('thelook', 'events')) }}

-- The shop's addresses say what a page shows: /product/123, /department/men/category/jeans/brand/levis, /cart, …
with uris as (

    select distinct uri
    from {{ ref('stg_thelook__events') }}
    where uri is not null

)

select
    'thelook' as source_name,
    uri,
    coalesce({{ extract_match('uri', '^/([a-z_-]+)') }}, 'home') as page_type,
    {{ extract_match('uri', '^/product/([^/?#]+)') }} as product_id,
    {{ extract_match('uri', '^/department/([^/?#]+)') }} as department,
    {{ extract_match('uri', '/category/([^/?#]+)') }} as category,
    {{ extract_match('uri', '/brand/([^/?#]+)') }} as brand
from uris
