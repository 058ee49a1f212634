{{ config(materialized='table') }} {% if execute %}{{ exceptions.raise_compiler_error('told you so') }}{% endif %} select 1 as a
