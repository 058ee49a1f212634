{{ config(materialized='view') }}
{{ union_of('products') }}
