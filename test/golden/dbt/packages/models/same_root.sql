select 'root' as which
