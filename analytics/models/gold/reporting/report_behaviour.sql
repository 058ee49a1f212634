{{ config(enabled=(target.type == 'bigquery' or var('reporting', false))) }}

-- What visitors did, day by day, by channel, browser, country and the kind of page that they came to first.
select
    dates.date_day as day,
    dates.weekday_name as weekday,
    traffic_sources.traffic_source,
    browsers.browser,
    locations.country,
    pages.page_type as entry_page,
    count(*) as sessions,
    {{ total('case when sessions.event_count = 1 then 1 else 0 end') }} as sessions_of_one_page,
    {{ total('sessions.event_count') }} as events,
    {{ total('sessions.product_view_count') }} as product_views,
    {{ total('case when sessions.purchased then 1 else 0 end') }} as sessions_with_purchase,
    sum(sessions.duration_seconds) as seconds_spent
from {{ ref('fact_sessions') }} as sessions
inner join {{ ref('dim_dates') }} as dates on dates.date_key = sessions.date_key
inner join {{ ref('dim_traffic_sources') }} as traffic_sources
    on traffic_sources.traffic_source_key = sessions.traffic_source_key
inner join {{ ref('dim_browsers') }} as browsers on browsers.browser_key = sessions.browser_key
inner join {{ ref('dim_locations') }} as locations on locations.location_key = sessions.location_key
inner join {{ ref('dim_pages') }} as pages on pages.page_key = sessions.entry_page_key
where dates.date_day is not null
group by
    dates.date_day,
    dates.weekday_name,
    traffic_sources.traffic_source,
    browsers.browser,
    locations.country,
    pages.page_type
