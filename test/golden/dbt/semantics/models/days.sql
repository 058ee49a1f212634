select date '2020-01-01' as day
