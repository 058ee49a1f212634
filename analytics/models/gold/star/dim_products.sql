with delivered as (

    select * from {{ ref('products') }}

),

-- Products that a sale or a product page names, but whose own record has not arrived: they get a placeholder.
named as (

    select source_name, product_id from {{ ref('sales_lines') }} where product_id is not null
    union distinct
    select source_name, product_id from {{ ref('pages') }} where product_id is not null

),

placeholders as (

    select named.source_name, named.product_id
    from named
    left join delivered on delivered.source_name = named.source_name and delivered.product_id = named.product_id
    where delivered.product_id is null

),

everything as (

    select
        source_name, product_id, product_name, brand, category, department, sku, retail_price, cost, currency,
        product_kind, name_count, is_deleted, false as is_placeholder
    from delivered
    union all
    select
        source_name, product_id, null, null, null, null, null, null, null, null,
        'product', 0, false, true
    from placeholders

)

select
    {{ durable_key(['source_name', 'product_id']) }} as product_key,
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
    {{ start_of_time() }} as valid_from,
    {{ end_of_time() }} as valid_to,
    true as is_current,
    is_deleted,
    is_placeholder
from everything

union all

select
    member_key, member_key, null, null, member_name, null, null, null, null, null, null, null, null, false, null,
    {{ start_of_time() }}, {{ end_of_time() }}, true, false, false
from {{ fixed_members() }} as members
