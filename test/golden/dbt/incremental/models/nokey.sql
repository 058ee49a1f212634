{{ config(materialized='incremental') }}
select * from {{ ref('src') }}
