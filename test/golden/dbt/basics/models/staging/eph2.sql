{{ config(materialized='ephemeral') }}
-- a comment first
select * from {{ ref('eph') }}
