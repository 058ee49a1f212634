{{ config(materialized='table', post_hook="{{ 'select * from nowhere_at_all' if var('break_hook', false) else '' }}") }} select * from {{ ref('one') }}
