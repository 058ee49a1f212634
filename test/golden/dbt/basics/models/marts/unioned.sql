{{ config(materialized='ephemeral') }}
with x as ({{ union_of([ref('eph'), ref('eph2')]) }}) select * from x
