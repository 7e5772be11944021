-- The report in force: the highest version of the period, else that of the latest earlier period with one.
(asked) as table
select a.programme, a.month, a.township,
  arg_max(r.position, r.month * 4294967296 + r.version) as report_position,
  max(r.month) as report_month,
  (a.month - max(r.month))::integer as stale_months
from query_table(asked) a
left join reports r on r.programme = a.programme and r.township = a.township and r.month <= a.month
group by a.programme, a.month, a.township
