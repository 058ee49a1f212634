{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge', merge_exclude_columns=['name'], incremental_predicates=['DBT_INTERNAL_DEST.amount > 0']) }}
select * from {{ ref('src') }}
