with named as (

    select traffic_source from {{ ref('customers') }} where traffic_source is not null
    union distinct
    select traffic_source from {{ ref('events') }} where traffic_source is not null

)

select
    {{ key_of(['traffic_source']) }} as traffic_source_key,
    traffic_source
from named

union all

select member_key, member_name
from {{ fixed_members() }} as members
