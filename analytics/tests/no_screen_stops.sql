-- A screen whose action is stop keeps the run from publishing while it fails.
select * from {{ ref('error_events') }}
where action = 'stop' and is_open
