{{ config(materialized='table') }}
select id, name, amount::decimal(10,2) as amount, upd::timestamp as upd{{ var('more', '') }} from (values {{ var('rows', "(1,'a',10,'2020-01-01'),(2,'b',20,'2020-01-01'),(3,'c',30,'2020-01-01'),(4,null,40,'2020-01-01')") }}) t(id, name, amount, upd)
