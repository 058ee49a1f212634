{{ config(materialized='view') }}
{{ union_of('customers') }}
