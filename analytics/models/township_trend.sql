-- Straight on from the last three months to the last phased hardware milestone, between 0 and the base.
with last_milestone as (
  select programme, max(due_month) as month from milestones where track = 'hardware' and all_branches group by programme
),
months as (
  select s.programme, s.period, s.month, s.township, s.hardware_base, s.hardware_complete, p.months_since_launch,
    greatest(l.month - s.month, 0) as months_left,
    lag(s.hardware_complete, 3) over (partition by s.programme, s.township order by s.month) as before
  from township_sums s
  join periods p on p.programme = s.programme and p.month = s.month
  left join last_milestone l on l.programme = s.programme
)
select programme, period, township, hardware_base, hardware_complete,
  case when before is not null and months_left is not null
    then greatest(0, least(hardware_base, hardware_complete + months_left * (hardware_complete - before) / 3)) end::double as forecast
from months
