{{ config(materialized='view') }}
{{ versions_of('products') }}
