with delivered as (

    select * from {{ ref('customers') }}

),

-- Customers whom a sale, an order or an event names, but whose own record has not arrived: they get a placeholder.
named as (

    select source_name, customer_id from {{ ref('sales_lines') }} where customer_id is not null
    union distinct
    select source_name, customer_id from {{ ref('orders') }} where customer_id is not null
    union distinct
    select source_name, customer_id from {{ ref('events') }} where customer_id is not null

),

placeholders as (

    select named.source_name, named.customer_id
    from named
    left join delivered on delivered.source_name = named.source_name and delivered.customer_id = named.customer_id
    where delivered.customer_id is null

),

everyone as (

    select
        source_name, customer_id, first_name, last_name, email, age, gender, country, state, city, postal_code,
        latitude, longitude, traffic_source, registered_at, country_count, is_deleted, false as is_placeholder
    from delivered
    union all
    select
        source_name, customer_id, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, false, true
    from placeholders

)

select
    {{ durable_key(['source_name', 'customer_id']) }} as customer_key,
    {{ durable_key(['source_name', 'customer_id']) }} as customer_durable_key,
    source_name,
    customer_id,
    case
        when is_placeholder then 'Not yet arrived'
        when first_name is null and last_name is null then 'Customer ' || customer_id
        else trim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''), ' ')
    end as customer_name,
    first_name,
    last_name,
    email,
    age,
    gender,
    country,
    state,
    city,
    postal_code,
    latitude,
    longitude,
    {{ location_key('country', 'state', 'city', 'postal_code') }} as location_key,
    traffic_source,
    {{ key_or_unknown('traffic_source') }} as traffic_source_key,
    registered_at,
    country_count,
    {{ start_of_time() }} as valid_from,
    {{ end_of_time() }} as valid_to,
    true as is_current,
    is_deleted,
    is_placeholder
from everyone

union all

select
    member_key, member_key, null, null, member_name, null, null, null, null, null, null, null, null, null, null, null,
    -1, null, -1, null, null, {{ start_of_time() }}, {{ end_of_time() }}, true, false, false
from {{ fixed_members() }} as members
