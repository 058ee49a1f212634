{{ config(materialized='view') }}
{{ union_of('orders') }}
