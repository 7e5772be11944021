-- What integers make of an area: the only place where its shares and means are divided and its status is told (group_completion,
-- section_completion and weakest_items divide their own sums, once each). An area's figures are sums over all its branches,
-- never means of percentages. Quotients of integers below 2^53 are rounded once, so equal fractions give
-- equal numbers, and different ones differ while their bases stay below 2^26.
(sums) as table
select s.*,
  case when s.hardware_base > 0 then s.hardware_complete / s.hardware_base end as hardware_share,
  case when s.hardware_base > 0 then s.hardware_points / (s.hardware_base * p.hardware_denominator) end as mean_hardware_score,
  case when s.software_base > 0 then s.software_complete / s.software_base end as software_share,
  case when s.software_base > 0 then s.software_points / (s.software_base * p.software_denominator) end as mean_software_score,
  t.target_bp, t.pace,
  -- Compared on integers, never on a share.
  case
    when s.hardware_base = 0 then null
    when s.hardware_complete * 10000 < t.target_bp * s.hardware_base then 'missed'
    when s.hardware_complete = s.hardware_base then 'achieved'
    when t.pace is null or s.hardware_complete * t.pace_denominator >= t.pace_numerator * s.hardware_base then 'on_track'
    else 'behind'
  end as status
from query_table(sums) s
join programmes p on p.programme = s.programme
join hardware_targets t on t.programme = s.programme and t.month = s.month
