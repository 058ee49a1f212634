-- One row per event; and the sessions together hold every event that names a session.
select silver.event_count, gold.event_count as gold_events, gold.session_events, sessions.event_count as events_of_sessions
from (select count(*) as event_count from {{ ref('events') }}) as silver
cross join (
    select count(*) as event_count, count(case when session_key > 0 then 1 end) as session_events from {{ ref('fact_events') }}
) as gold
cross join (select coalesce(sum(event_count), 0) as event_count from {{ ref('fact_sessions') }}) as sessions
where silver.event_count <> gold.event_count or gold.session_events <> sessions.event_count
