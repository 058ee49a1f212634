/** Words that are no plain column name on DuckDB or on BigQuery, in lower case. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set(
  `all analyse analyze and anti any array as asc asof assert_rows_modified asymmetric at authorization between both by case cast
check collate collation column columns concurrently constraint contains create cross cube current default deferrable define
desc describe distinct do else end enum escape except exclude exists extract false fetch following for foreign freeze from full
generated glob group grouping groups hash having if ignore ilike in initially inner intersect interval into is isnull join
lambda lateral leading left like limit lookup map merge natural new no not notnull null nulls of offset on only or order outer
over overlaps partition pivot pivot_longer pivot_wider placing positional preceding primary proto qualify range recursive
references respect returning right rollup rows select semi set show similar some struct summarize symmetric table tablesample
then to trailing treat true try_cast unbounded union unique unnest unpack unpivot using variadic verbose when where window
with within`.split(/\s+/),
)
