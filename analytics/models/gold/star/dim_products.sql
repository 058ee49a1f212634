{{ config(
    materialized='incremental', unique_key='product_key',
    pre_hook="{{ cartwright.keep_stamps() }}",
    post_hook=[
        "{{ cartwright.purge_versions('products', 'product_id', 'product_durable_key') }}",
        "{{ cartwright.restore_stamps('product_key') }}", "{{ cartwright.forget_stamps() }}",
    ]
) }}
{%- set moment = moment(entities=true) %}
{%- set looked_at = changed('products', moment) %}

with {{ version_spans('products', 'product_id', none if moment.all else looked_at) }},

-- Products that a sale or a product page names, but whose own record has not arrived.
{{ placeholders('products', 'product_id', looked_at, moment) }},

everything as (

    select *, false as is_placeholder
    from spans

    union all

    select
        source_name, product_id, null, null, null, null, null, null, null, null,
        'product', 0, false, {{ start_of_time() }}, {{ end_of_time() }}, null, true
    from placeholders

)

select
    {{ key_of(['source_name', 'product_id', 'first_from']) }} as product_key,
    {{ durable_key(['source_name', 'product_id']) }} as product_durable_key,
    source_name,
    product_id,
    case
        when is_placeholder then 'Not yet arrived'
        else coalesce(product_name, 'Product ' || product_id)
    end as product_name,
    brand,
    category,
    department,
    sku,
    retail_price,
    cost,
    currency,
    product_kind,
    product_kind = 'product' as is_product,
    name_count,
    valid_from,
    valid_to,
    valid_to = {{ end_of_time() }} as is_current,
    is_deleted,
    is_placeholder,
    {{ moment.cut }} as _cut
from everything
{% if moment.all %}
union all

select
    member_key, member_key, null, null, member_name, null, null, null, null, null, null, null, null, false, null,
    {{ start_of_time() }}, {{ end_of_time() }}, true, false, false, {{ moment.cut }}
from {{ fixed_members() }} as members
{% endif %}
