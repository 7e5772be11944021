-- Integers only: what every share and mean is made of. One row per programme, period and township in force, with or without branches.
(in_force, judged) as table
with sums as (
  select programme, month, township,
    count(*) as branches,
    count(*) filter (where hardware_applicable > 0) as hardware_base,
    count(*) filter (where hardware_complete) as hardware_complete,
    sum(hardware_points) as hardware_points,
    count(*) filter (where software_applicable > 0) as software_base,
    count(*) filter (where software_complete) as software_complete,
    sum(software_points) as software_points,
    -- Complete in every track in whose base it is, and in at least one base.
    count(*) filter (where coalesce(hardware_complete, true) and coalesce(software_complete, true)
      and hardware_applicable + software_applicable > 0) as compliant
  from query_table(judged)
  group by programme, month, township
)
select f.programme, p.period, f.month, f.township, f.stale_months,
  coalesce(s.branches, 0) as branches,
  coalesce(s.hardware_base, 0) as hardware_base,
  coalesce(s.hardware_complete, 0) as hardware_complete,
  coalesce(s.hardware_points, 0)::bigint as hardware_points,
  coalesce(s.software_base, 0) as software_base,
  coalesce(s.software_complete, 0) as software_complete,
  coalesce(s.software_points, 0)::bigint as software_points,
  coalesce(s.compliant, 0) as compliant
from query_table(in_force) f
join periods p on p.programme = f.programme and p.month = f.month
left join sums s on s.programme = f.programme and s.month = f.month and s.township = f.township
