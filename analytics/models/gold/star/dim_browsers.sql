with named as (

    select distinct browser from {{ ref('events') }} where browser is not null

)

select
    {{ key_of(['browser']) }} as browser_key,
    browser
from named

union all

select member_key, member_name
from {{ fixed_members() }} as members
