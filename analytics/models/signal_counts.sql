-- The count of a signal is of branches or of items, by its kind; a regression or lapse also names one branch per row.
select programme, period, township, signal,
  sum(case when branch is not null then 1 when signal in ('uniform', 'unchanged') then count else 0 end)::bigint as branches,
  sum(case when signal in ('regression', 'lapse', 'bulk_flip') then count else 0 end)::bigint as items
from integrity_signals
group by all
