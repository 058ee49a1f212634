{{ config(materialized='incremental', unique_key=['id','name'], incremental_strategy='delete+insert', incremental_predicates=['DBT_INCREMENTAL_TARGET.amount > 0']) }}
select * from {{ ref('src') }}
