{{ config(materialized='incremental', unique_key='page_key', post_hook="{{ cartwright.purge_all(entities=true) }}") }}
{%- set moment = moment(entities=true) %}

select
    {{ key_of(['pages.source_name', 'pages.uri']) }} as page_key,
    pages.source_name,
    pages.uri,
    pages.page_type,
    pages.department,
    pages.category,
    pages.brand,
    pages.product_id,
    -- A page that shows no product refers to the member "not applicable".
    case when pages.product_id is null then -2 else {{ durable_key(['pages.source_name', 'pages.product_id']) }} end as product_durable_key,
    {{ moment.cut }} as _cut
from {{ ref('pages') }} as pages
{%- if not moment.all %}
left join {{ this }} as known on known.source_name = pages.source_name and known.uri = pages.uri
where known.uri is null
{%- endif %}
{% if moment.all %}
union all

select member_key, null, member_name, null, null, null, null, null, member_key, {{ moment.cut }}
from {{ fixed_members() }} as members
{% endif %}
