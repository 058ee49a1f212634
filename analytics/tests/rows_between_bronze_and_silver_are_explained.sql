-- Every bronze row is current in silver, or rejected, repeated, replaced or deleted.
select * from {{ ref('row_reconciliation') }}
where unexplained_rows <> 0
