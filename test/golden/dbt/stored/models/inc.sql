{{ config(materialized='incremental', persist_docs={'columns': false}) }} select * from {{ ref('a') }}
