-- The integers of every area: sums over all its branches, an area being the first digits of its townships' codes.
with levels as (
  select unnest([
    {level: 'programme', digits: 0}, {level: 'province', digits: 2}, {level: 'city', digits: 4},
    {level: 'county', digits: 6}], recursive := true)
)
select s.programme, s.period, s.month, l.level, left(s.township, l.digits) as area,
  sum(s.branches)::bigint as branches,
  sum(s.hardware_base)::bigint as hardware_base,
  sum(s.hardware_complete)::bigint as hardware_complete,
  sum(s.hardware_points)::bigint as hardware_points,
  sum(s.software_base)::bigint as software_base,
  sum(s.software_complete)::bigint as software_complete,
  sum(s.software_points)::bigint as software_points,
  sum(s.compliant)::bigint as compliant
from township_sums s, levels l
group by s.programme, s.period, s.month, l.level, left(s.township, l.digits)
union all
select programme, period, month, 'township', township, branches, hardware_base, hardware_complete, hardware_points,
  software_base, software_complete, software_points, compliant
from township_sums
union all
-- A programme without townships still has its row.
select p.programme, p.period, p.month, 'programme', '', 0, 0, 0, 0, 0, 0, 0, 0
from periods p
where not exists (from programme_townships t where t.programme = p.programme)
