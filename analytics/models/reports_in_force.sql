-- The report in force: the highest version of the period, else that of the latest earlier period with one.
with grid as (
  select p.programme, p.month, t.township
  from periods p
  join programme_townships t on t.programme = p.programme
)
select g.programme, g.month, g.township, o.report_position, o.month as report_month, (g.month - o.month)::integer as stale_months
from grid g
asof left join own_reports o on o.programme = g.programme and o.township = g.township and o.month <= g.month
