with judged as (
  select b.programme, b.period, b.month, b.township, b.kind, s.items, b.met, b.not_applicable
  from branch_completion b
  join standards s on s.programme = b.programme and s.kind = b.kind
)
from item_counts_of('judged')
