{{ config(enabled=has_data_set('online_retail', 'invoices'), materialized='view') }}

with lines as (

    select customer_id, country, invoiced_at, invoice_no
    from {{ ref('stg_online_retail__invoices') }}
    where customer_id is not null

),

-- A few customers have invoices in two countries: the latest invoice counts.
ranked as (

    select
        customer_id,
        country,
        row_number() over (partition by customer_id order by max(invoiced_at) desc, max(invoice_no) desc, country) as place,
        count(*) over (partition by customer_id) as country_count
    from lines
    group by customer_id, country

)

select
    'online_retail' as source_name,
    ranked.customer_id,
    {{ null_of('text') }} as first_name,
    {{ null_of('text') }} as last_name,
    {{ null_of('text') }} as email,
    {{ null_of('integer') }} as age,
    {{ null_of('text') }} as gender,
    case when countries.delivered is null then ranked.country else countries.country end as country,
    {{ null_of('text') }} as state,
    {{ null_of('text') }} as city,
    {{ null_of('text') }} as postal_code,
    {{ null_of('number') }} as latitude,
    {{ null_of('number') }} as longitude,
    {{ null_of('text') }} as traffic_source,
    {{ null_of('timestamp') }} as registered_at,
    ranked.country_count,
    false as is_deleted
from ranked
left join {{ ref('country_names') }} as countries on countries.delivered = ranked.country
where ranked.place = 1
