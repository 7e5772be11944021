-- What later records changed in published figures. The cause is every kind of record after the publication that a township's
-- figure rests on: its reports, its registry, the rules; where there is none, other townships moved its rank.
with published as (
  select distinct b.programme, b.period, b.month, b.figures_position
  from bulletins b
  join published_figures f on f.programme = b.programme and f.period = b.period
  where b.published_at <= getvariable('as_of')
),
registered as (
  select township, max(registered_at) as registered_at
  from (select township, registered_at from branches union all select township, registered_at from townships)
  group by township
),
later as (
  select b.programme, b.period, t.township,
    case when f.report_position > b.figures_position then f.report_position end as report_at,
    case when r.registered_at > b.figures_position then r.registered_at end as registry_at,
    case when g.defined_at > b.figures_position then g.defined_at end as rules_at
  from published b
  join programmes g on g.programme = b.programme
  join programme_townships t on t.programme = b.programme
  left join reports_in_force f on f.programme = b.programme and f.month = b.month and f.township = t.township
  left join registered r on r.township = t.township
),
-- The whole programme's figures rest on every township's.
causes as (
  select programme, period, coalesce(township, '') as township, max(report_at) as report_at, max(registry_at) as registry_at, max(rules_at) as rules_at,
    greatest(max(report_at), max(registry_at), max(rules_at)) as own_at
  from later
  group by grouping sets ((programme, period, township), (programme, period))
),
now as (
  select p.programme, p.period, f.township, f.figure, f.value
  from published p
  join bulletin_figures f on f.programme = p.programme and f.period = p.period
),
changed as (
  select coalesce(p.programme, n.programme) as programme, coalesce(p.period, n.period) as period, coalesce(p.township, n.township) as township,
    coalesce(p.figure, n.figure) as figure, p.value as published, n.value as now
  from (select f.* from published_figures f join published b on b.programme = f.programme and b.period = f.period) p
  full join now n on n.programme = p.programme and n.period = p.period and n.township = p.township and n.figure = p.figure
  where p.value is distinct from n.value
)
select c.programme, c.period, c.township, c.figure, c.published, c.now,
  case when o.own_at is null then 'others' else array_to_string(list_filter([
    case when o.report_at is not null then 'report' end,
    case when o.registry_at is not null then 'registry' end,
    case when o.rules_at is not null then 'rules' end], lambda cause: cause is not null), ', ') end as cause,
  coalesce(o.own_at, w.own_at) as changed_at
from changed c
left join causes o on o.programme = c.programme and o.period = c.period and o.township = c.township
left join causes w on w.programme = c.programme and w.period = c.period and w.township = ''
