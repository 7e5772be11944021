-- Decided by version 1 alone: a correction neither repairs nor spoils it.
with expected as (
  select s.programme, s.period, s.month, s.township, s.branches, p.due_at, o.versions, o.version_in_force, o.first_received_at
  from township_sums s
  join periods p on p.programme = s.programme and p.month = s.month
  left join own_reports o on o.programme = s.programme and o.township = s.township and o.month = s.month
)
select programme, period, township,
  case
    when versions is not null then case when first_received_at < due_at then 'on_time' else 'late' end
    when branches = 0 then 'none_due'
    when getvariable('as_of') < due_at then 'pending'
    else 'missing'
  end as status,
  -- 1 for any time in the 24 hours from the cut-off on, 2 in the next 24 …
  case when first_received_at >= due_at then date_sub('day', due_at, first_received_at) + 1 end as days_late,
  coalesce(versions, 0) as versions, version_in_force
from expected
