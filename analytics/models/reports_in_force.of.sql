-- The report in force: the highest version of the period, else that of the latest earlier period with one.
(asked, townships) as table
with months as (
  select programme, month, township from query_table(asked)
)
select m.programme, m.month, m.township, o.report_position, o.month as report_month, (m.month - o.month)::integer as stale_months
from months m
asof left join own_reports_of(townships) o on o.programme = m.programme and o.township = m.township and o.month <= m.month
