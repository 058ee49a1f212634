{{ config(materialized='view') }}
{{ union_of('pages') }}
