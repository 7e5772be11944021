-- What integers make of an area: the only place where its shares and means are divided (group_completion, section_completion and
-- weakest_items divide their own sums, once each). An area's figures are sums over all its branches, never means of percentages.
-- Quotients of integers below 2^53 are rounded once, so equal fractions give equal numbers, and different ones differ while their
-- bases stay below 2^26.
(sums) as table
select s.*,
  case when s.hardware_base > 0 then s.hardware_complete / s.hardware_base end as hardware_share,
  case when s.hardware_base > 0 then s.hardware_points / (s.hardware_base * p.hardware_denominator) end as mean_hardware_score,
  case when s.software_base > 0 then s.software_complete / s.software_base end as software_share,
  case when s.software_base > 0 then s.software_points / (s.software_base * p.software_denominator) end as mean_software_score,
  p.ranking_keys
from query_table(sums) s
join programmes p on p.programme = s.programme
