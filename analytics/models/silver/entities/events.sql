{{ config(materialized='view') }}
{{ union_of('events') }}
