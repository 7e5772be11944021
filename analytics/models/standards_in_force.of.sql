-- What the branches of each township are judged by in each period asked for: the report in force and the standard of each kind, joined once, before
-- branches in their millions are joined with them.
(in_force) as table
select f.programme, p.period, f.month, f.township, s.kind, f.stale_months, f.report_position, p.ends_on,
  s.hardware_mask, s.software_mask, g.hardware_denominator, g.software_denominator, s.items
from query_table(in_force) f
join periods p on p.programme = f.programme and p.month = f.month
join programmes g on g.programme = f.programme
join standards s on s.programme = f.programme
