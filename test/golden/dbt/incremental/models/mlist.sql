{{ config(materialized='incremental', unique_key=['id','name'], incremental_strategy='merge', merge_update_columns=['amount'], merge_exclude_columns=none) }}
select * from {{ ref('src') }}
