with named as (

    select country, state, city, postal_code from {{ ref('customers') }}
    union all
    select country, null, null, null from {{ ref('sales_lines') }}
    union all
    select null, state, city, postal_code from {{ ref('events') }}

),

counted as (

    select country, state, city, postal_code, count(*) as named_count
    from named
    group by country, state, city, postal_code

),

keyed as (

    select
        {{ location_key('country', 'state', 'city', 'postal_code') }} as location_key,
        country,
        state,
        city,
        postal_code,
        named_count
    from counted

),

-- An event has no country of its own; a place takes the country that customers there state most often.
ranked as (

    select
        *,
        row_number() over (
            partition by location_key
            order by case when country is null then 1 else 0 end, named_count desc, country
        ) as place
    from keyed
    where location_key <> -1

)

select
    location_key,
    coalesce(city || ', ', '') || coalesce(state || ', ', '') || coalesce(country, 'unknown country') as location_name,
    country,
    state,
    city,
    postal_code,
    state is not null or city is not null or postal_code is not null as is_finer_than_country
from ranked
where place = 1

union all

select member_key, member_name, null, null, null, null, false
from {{ fixed_members() }} as members
