select 1 as id, 'it''s' as name union all select 1, 'b'
