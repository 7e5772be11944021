-- What later records changed in published figures. The cause is every kind of record after the publication that a township's
-- figures rest on: its reports, its registry, the rules. What a later bulletin told anew, and what has changed since, stay in it.
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
compared as (
  select coalesce(p.programme, n.programme) as programme, coalesce(p.period, n.period) as period, coalesce(p.township, n.township) as township,
    coalesce(p.figure, n.figure) as figure, p.value as published, t.value as told, n.value as now
  from (select f.* from published_figures f join published b on b.programme = f.programme and b.period = f.period) p
  full join now n on n.programme = p.programme and n.period = p.period and n.township = p.township and n.figure = p.figure
  left join told_figures t on t.programme = coalesce(p.programme, n.programme) and t.period = coalesce(p.period, n.period)
    and t.township = coalesce(p.township, n.township) and t.figure = coalesce(p.figure, n.figure)
),
-- A rank rests on every township's figures, and a township whose own figures stand as they were was moved by the others.
moved as (
  select *, bool_or(figure <> 'rank' and (published is distinct from now or told is distinct from now)) over (partition by programme, period, township) as own_moved
  from compared
)
select m.programme, m.period, m.township, m.figure, m.published, m.now,
  case when not m.own_moved or o.own_at is null then 'others' else array_to_string(list_filter([
    case when o.report_at is not null then 'report' end,
    case when o.registry_at is not null then 'registry' end,
    case when o.rules_at is not null then 'rules' end], lambda cause: cause is not null), ', ') end as cause,
  case when m.figure = 'rank' then greatest(o.own_at, w.own_at) else o.own_at end as changed_at,
  m.told
from moved m
left join causes o on o.programme = m.programme and o.period = m.period and o.township = m.township
left join causes w on w.programme = m.programme and w.period = m.period and w.township = ''
where m.published is distinct from m.now or m.told is distinct from m.now
