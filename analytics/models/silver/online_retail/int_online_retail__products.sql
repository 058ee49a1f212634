{{ config(enabled=has_data_set('online_retail', 'invoices'), materialized='view') }}

with codes as (

    select product_code, max(non_product_kind) as non_product_kind
    from {{ ref('stg_online_retail__invoices') }}
    group by product_code

),

-- Remarks such as "damaged" or "?" stand on lines without a price only, so the names on lines with one are true names.
named as (

    select
        product_code,
        description,
        row_number() over (partition by product_code order by count(*) desc, max(invoiced_at) desc, description) as place,
        count(*) over (partition by product_code) as name_count
    from {{ ref('stg_online_retail__invoices') }}
    where description is not null and unit_price <> 0
    group by product_code, description

),

-- What the article cost when it was last sold.
priced as (

    select
        product_code,
        unit_price,
        row_number() over (partition by product_code order by invoiced_at desc, invoice_no desc, unit_price desc) as place
    from {{ ref('stg_online_retail__invoices') }}
    where line_kind = 'sale'

)

select
    'online_retail' as source_name,
    codes.product_code as product_id,
    named.description as product_name,
    {{ null_of('text') }} as brand,
    {{ null_of('text') }} as category,
    {{ null_of('text') }} as department,
    codes.product_code as sku,
    priced.unit_price as retail_price,
    {{ null_of('money') }} as cost,
    'GBP' as currency,
    coalesce(codes.non_product_kind, 'product') as product_kind,
    coalesce(named.name_count, 0) as name_count,
    false as is_deleted
from codes
left join named on named.product_code = codes.product_code and named.place = 1
left join priced on priced.product_code = codes.product_code and priced.place = 1
