{{ config(severity='warn', enabled=has_data_set('online_retail', 'invoices')) }}

-- A code that does not look like an article's and is not in the seed: is it a product?
select product_code, count(*) as line_count, min(description) as description
from {{ ref('stg_online_retail__invoices') }}
where non_product_kind is null
    and not {{ matches('product_code', '^([0-9]{5}[A-Z]{0,2}|DCGS.*|PADS)$') }}
group by product_code
