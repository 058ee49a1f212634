{{ config(materialized='incremental', full_refresh=true) }}
select *, {{ is_incremental() }} as inc from {{ ref('src') }}
