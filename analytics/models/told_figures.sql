-- The last word in print on each published figure: that of its own bulletin, or of the latest one that told it anew.
with told as (
  select programme, month, township, figure, value, position
  from fact_published_figure
  where position <= getvariable('at_position')
  union all
  select programme, month, township, figure, value, position
  from fact_restated_figure
  where position <= getvariable('at_position')
)
select t.programme, b.period, t.township, t.figure, t.value, t.position as told_at, t.month
from told t
join bulletins b on b.programme = t.programme and b.month = t.month
qualify row_number() over (partition by t.programme, t.month, t.township, t.figure order by t.position desc) = 1
