-- Integers only: what every share and mean is made of. One row per programme, period and township in force, with or without branches.
(in_force, grouped) as table
with sums as (
  select programme, month, township,
    sum(branches) as branches,
    sum(hardware_base) as hardware_base,
    sum(hardware_complete) as hardware_complete,
    sum(hardware_points) as hardware_points,
    sum(software_base) as software_base,
    sum(software_complete) as software_complete,
    sum(software_points) as software_points,
    sum(compliant) as compliant
  from query_table(grouped)
  group by programme, month, township
)
select f.programme, p.period, f.month, f.township, f.stale_months,
  coalesce(s.branches, 0)::bigint as branches,
  coalesce(s.hardware_base, 0)::bigint as hardware_base,
  coalesce(s.hardware_complete, 0)::bigint as hardware_complete,
  coalesce(s.hardware_points, 0)::bigint as hardware_points,
  coalesce(s.software_base, 0)::bigint as software_base,
  coalesce(s.software_complete, 0)::bigint as software_complete,
  coalesce(s.software_points, 0)::bigint as software_points,
  coalesce(s.compliant, 0)::bigint as compliant
from query_table(in_force) f
join periods p on p.programme = f.programme and p.month = f.month
left join sums s on s.programme = f.programme and s.month = f.month and s.township = f.township
