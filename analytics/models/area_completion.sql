-- The completion columns of every area: the only place where an area's shares and means are divided (group_completion,
-- section_completion and weakest_items divide their own sums, once each). An area's figures are sums over all its branches,
-- never means of percentages. Quotients of integers below 2^53 are rounded once, so equal fractions give
-- equal numbers, and different ones differ while their bases stay below 2^26.
with levels as (
  select unnest([
    {level: 'programme', digits: 0}, {level: 'province', digits: 2}, {level: 'city', digits: 4},
    {level: 'county', digits: 6}, {level: 'township', digits: 9}], recursive := true)
),
sums as (
  select s.programme, s.period, s.month, l.level, case when l.level = 'programme' then '' else left(s.township, l.digits) end as area,
    sum(s.branches)::bigint as branches,
    sum(s.hardware_base)::bigint as hardware_base,
    sum(s.hardware_complete)::bigint as hardware_complete,
    sum(s.hardware_points)::bigint as hardware_points,
    sum(s.software_base)::bigint as software_base,
    sum(s.software_complete)::bigint as software_complete,
    sum(s.software_points)::bigint as software_points,
    sum(s.compliant)::bigint as compliant
  from township_sums s, levels l
  group by all
  union all
  -- A programme without townships still has its row.
  select p.programme, p.period, p.month, 'programme', '', 0, 0, 0, 0, 0, 0, 0, 0
  from periods p
  where not exists (from programme_townships t where t.programme = p.programme)
)
select s.programme, s.period, s.level, s.area, s.branches,
  s.hardware_base, s.hardware_complete,
  case when s.hardware_base > 0 then s.hardware_complete / s.hardware_base end as hardware_share,
  case when s.hardware_base > 0 then s.hardware_points / (s.hardware_base * p.hardware_denominator) end as mean_hardware_score,
  s.software_base, s.software_complete,
  case when s.software_base > 0 then s.software_complete / s.software_base end as software_share,
  case when s.software_base > 0 then s.software_points / (s.software_base * p.software_denominator) end as mean_software_score,
  s.compliant, s.month,
  -- Compared on integers, never on a share.
  case
    when s.hardware_base = 0 then null
    when s.hardware_complete * 10000 < t.target_bp * s.hardware_base then 'missed'
    when s.hardware_complete = s.hardware_base then 'achieved'
    when t.pace is null or s.hardware_complete * t.pace_denominator >= t.pace_numerator * s.hardware_base then 'on_track'
    else 'behind'
  end as status
from sums s
join programmes p on p.programme = s.programme
join hardware_targets t on t.programme = s.programme and t.month = s.month
