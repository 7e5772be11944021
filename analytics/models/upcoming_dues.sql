-- What falls due after each period: the next period's report, and every milestone that the period does not judge yet.
select p.programme, p.period, n.due_on, 'report' as what, n.period as report_period,
  null::varchar as milestone, null::varchar as name, null::varchar as track, null::integer as target_bp, 1::bigint as months_ahead,
  null::varchar as gloss
from periods p
join calendar n on n.programme = p.programme and n.month = p.month + 1
union all
select p.programme, p.period, m.due_on, 'milestone', null, m.milestone, m.name, m.track, m.target_bp, m.due_month - p.month, m.gloss
from periods p
join milestones m on m.programme = p.programme and m.due_month > p.month
