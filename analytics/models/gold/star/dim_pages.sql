select
    {{ key_of(['source_name', 'uri']) }} as page_key,
    source_name,
    uri,
    page_type,
    department,
    category,
    brand,
    product_id,
    -- A page that shows no product refers to the member "not applicable".
    case when product_id is null then -2 else {{ durable_key(['source_name', 'product_id']) }} end as product_durable_key
from {{ ref('pages') }}

union all

select member_key, null, member_name, null, null, null, null, null, member_key
from {{ fixed_members() }} as members
