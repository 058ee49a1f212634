select 'lib b' as which
