select c.programme, c.period, c.branch, i.item, c.township, c.kind, i.track,
  case
    when (c.met >> i.ordinal) & 1 = 1 then 'met'
    when (c.not_applicable >> i.ordinal) & 1 = 1 then 'not_applicable'
    else 'not_met'
  end as state, c.month, i.ordinal
from branch_completion c
join items i on i.programme = c.programme and i.kind = c.kind
