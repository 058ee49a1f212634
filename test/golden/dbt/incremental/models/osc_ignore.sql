{{ config(materialized='incremental', unique_key='id', on_schema_change='ignore') }}
select * exclude ({{ var('drop', 'zz') }}), {{ var('newcol', '1') }} as n{{ var('n', '') }} from (select *, 1 as zz, 2 as yy from {{ ref('src') }})
