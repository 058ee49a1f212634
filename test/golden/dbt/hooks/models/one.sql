{{ config(materialized='table', pre_hook=["insert into main.log values ('own pre')"], post_hook=in_transaction("insert into main.log values ('own post')")) }} select 1 as x
