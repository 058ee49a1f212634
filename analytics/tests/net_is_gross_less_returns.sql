select sale_key, gross_amount, return_amount, net_amount
from {{ ref('fact_sales') }}
where net_amount <> gross_amount - return_amount or return_amount < 0
