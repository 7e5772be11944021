-- Evidence against formalism. Only a period with its own report raises any; "before" is the latest earlier own report in force,
-- and only branches listed in both count. A listed branch that is not active in the report's period counts for nothing.
with own as (
  select o.programme, o.township, o.month, p.period, p.ends_on, o.report_position,
    lag(o.report_position) over township as before_position,
    lag(o.month) over township as before_month
  from own_reports o
  join periods p on p.programme = o.programme and p.month = o.month
  window township as (partition by o.programme, o.township order by o.month)
),
listed as (
  select o.programme, o.township, o.month, o.period, o.report_position, b.branch, b.branch_number, b.kind, r.met, x.not_applicable,
    s.hardware_mask, s.software_mask,
    (s.hardware_mask | s.software_mask) & ~r.met & ~x.not_applicable as not_met
  from own o
  join fact_branch_report r on r.position = o.report_position
  join dim_not_applicable_set x on x.not_applicable_set = r.not_applicable_set
  join branches b on b.township = o.township and b.branch_number = r.branch_number
    and b.active_from <= o.ends_on and (b.active_to is null or b.active_to > o.ends_on)
  join standards s on s.programme = o.programme and s.kind = b.kind
),
pairs as (
  select n.programme, n.township, n.month, n.period, n.branch, n.kind,
    bit_count(was.met & n.not_met & n.hardware_mask) as hardware_lost,
    bit_count(was.met & n.not_met & n.software_mask) as software_lost,
    bit_count(was.not_met & n.hardware_mask) as hardware_unmet_before,
    bit_count(was.not_met & n.met & n.hardware_mask) as hardware_won,
    was.met = n.met and was.not_applicable = n.not_applicable as identical
  from own o
  join listed n on n.report_position = o.report_position
  join listed was on was.report_position = o.before_position and was.branch_number = n.branch_number
),
bulk_flips as (
  select x.programme, x.period, x.township, sum(x.hardware_won) as won
  from pairs x
  join programmes g on g.programme = x.programme
  group by x.programme, x.period, x.township, g.bulk_flip_share_bp, g.bulk_flip_items
  having sum(x.hardware_won) * 10000 >= g.bulk_flip_share_bp * sum(x.hardware_unmet_before) and sum(x.hardware_won) >= g.bulk_flip_items
),
uniform_groups as (
  select programme, period, township, kind, met, not_applicable, count(*) as branches
  from listed
  where not_met <> 0
  group by all
),
uniforms as (
  select u.programme, u.period, u.township, u.kind, max(u.branches) as branches
  from uniform_groups u
  join programmes g on g.programme = u.programme
  group by u.programme, u.period, u.township, u.kind, g.uniform_branches
  having max(u.branches) >= g.uniform_branches
),
contents as (
  select report_position, count(*) as branches, bool_or(not_met <> 0) as has_not_met
  from listed
  group by report_position
),
repeats as (
  -- Whether an own report says the same as that of the very month before.
  select o.programme, o.township, o.month, o.period, c.branches, c.has_not_met,
    coalesce(o.before_month = o.month - 1 and was.branches = c.branches
      and (select count(*) from pairs x where x.programme = o.programme and x.township = o.township and x.month = o.month and x.identical)
        = c.branches, false) as repeated
  from own o
  join contents c on c.report_position = o.report_position
  left join contents was on was.report_position = o.before_position
),
runs as (
  select *, sum(case when repeated then 0 else 1 end) over (partition by programme, township order by month) as run
  from repeats
),
unchanged as (
  select programme, township, period, branches, has_not_met,
    row_number() over (partition by programme, township, run order by month) as length
  from runs
)
select programme, period, township, 'regression' as signal, branch, kind, hardware_lost::bigint as count from pairs where hardware_lost > 0
union all
select programme, period, township, 'lapse', branch, kind, software_lost::bigint from pairs where software_lost > 0
union all
select programme, period, township, 'bulk_flip', null, null, won::bigint from bulk_flips
union all
select programme, period, township, 'uniform', null, kind, branches from uniforms
union all
select u.programme, u.period, u.township, 'unchanged', null, null, u.branches
from unchanged u
join programmes g on g.programme = u.programme
where u.length >= g.unchanged_periods and u.has_not_met
