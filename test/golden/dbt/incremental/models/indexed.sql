{{ config(materialized='table', indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['id', 'name']}]) }}
select * from {{ ref('src') }}
