{{ config(materialized='incremental', unique_key='date_key', post_hook="{{ cartwright.purge_all() }}") }}
{%- set moment = moment() %}

with digits as (

    select 0 as digit
    {% for digit in range(1, 10) %}union all select {{ digit }} {% endfor %}

),

-- Enough days for 270 years; the calendar's bounds are the vars calendar_from and calendar_to.
days as (

    select {{ add_days("date '" ~ var('calendar_from') ~ "'",
        'ones.digit + 10 * tens.digit + 100 * hundreds.digit + 1000 * thousands.digit + 10000 * ten_thousands.digit') }} as day
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
    cross join digits as thousands
    cross join digits as ten_thousands

)

select
    {{ yyyymmdd('day') }} as date_key,
    day as date_day,
    extract(year from day) as year,
    extract(quarter from day) as quarter,
    extract(month from day) as month,
    {{ month_of('day') }} as month_start,
    case extract(month from day)
        when 1 then 'January' when 2 then 'February' when 3 then 'March' when 4 then 'April'
        when 5 then 'May' when 6 then 'June' when 7 then 'July' when 8 then 'August'
        when 9 then 'September' when 10 then 'October' when 11 then 'November' else 'December'
    end as month_name,
    {{ iso_week('day') }} as iso_week,
    extract(day from day) as day_of_month,
    {{ iso_weekday('day') }} as weekday,
    case {{ iso_weekday('day') }}
        when 1 then 'Monday' when 2 then 'Tuesday' when 3 then 'Wednesday' when 4 then 'Thursday'
        when 5 then 'Friday' when 6 then 'Saturday' else 'Sunday'
    end as weekday_name,
    {{ iso_weekday('day') }} >= 6 as is_weekend,
    cast(day as {{ type_of('text') }}) as date_name,
    {{ moment.cut }} as _cut
from days
where day <= date '{{ var("calendar_to") }}'{{ '' if moment.all else ' and false' }}

union all

select member_key, null, null, null, null, null, null, null, null, null, null, null, member_name, {{ moment.cut }}
from {{ fixed_members() }} as members{{ '' if moment.all else ' where false' }}
