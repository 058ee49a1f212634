{{ config(materialized='view') }}
{{ versions_of('customers') }}
