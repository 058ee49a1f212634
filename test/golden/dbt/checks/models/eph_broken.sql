{{ config(materialized='ephemeral') }} select * from {{ ref('after_broken') }}
