{{ config(materialized='table') }}
{% set old = load_relation(this) %}
select id, {{ 'true' if old else 'false' }} as had from {{ ref('src') }}
{% if old %} union all select id + 100, had from {{ this }} {% endif %}
