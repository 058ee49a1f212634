-- The articles that the till knows, as the canonical entity products.
select
    'till' as source_name,
    article as product_id,
    max(name) as product_name,
    cast(null as varchar) as brand,
    case when article like 'A%' then 'Bread' when article like 'B%' then 'Pastry' else 'Drinks' end as category,
    cast(null as varchar) as department,
    article as sku,
    max(price) as retail_price,
    cast(null as decimal(18, 6)) as cost,
    'EUR' as currency,
    'product' as product_kind,
    count(distinct name) as name_count,
    false as is_deleted
from {{ ref('stg_files__till') }}
group by article
