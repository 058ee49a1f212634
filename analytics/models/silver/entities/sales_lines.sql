{{ config(materialized='view') }}
{{ union_of('sales_lines') }}
