-- For each list year, as at December of the year before: the lowest share of the base among those not hardware-complete, and
-- all that tie with the last of them on every key.
with lists as (
  select g.programme, p.month, year(p.starts_on) + 1 as year, g.rectification_share_bp, g.rectification_keys,
    g.hardware_denominator, g.software_denominator
  from programmes g
  join periods p on p.programme = g.programme and month(p.starts_on) = 12
  where year(p.starts_on) + 1 >= g.rectification_first_year
),
noncompliant as (
  select programme, branch, month,
    month - row_number() over (partition by programme, branch order by month) as run
  from branch_completion
  where not hardware_complete
),
streaks as (
  select n.programme, n.branch, n.month, count(*) over (partition by n.programme, n.branch, n.run order by n.month) as months
  from noncompliant n
),
base as (
  select programme, month, count(*) as branches from branch_completion where hardware_applicable > 0 group by all
),
pool as (
  select l.programme, l.year, c.branch, c.township, s.months as months_noncompliant, n.branches as base_branches, l.rectification_share_bp,
    c.hardware_points / l.hardware_denominator as hardware_score,
    c.software_points / l.software_denominator as software_score,
    -- Ascending on every element; a null software score comes last in either direction.
    list_transform(l.rectification_keys, lambda key: case key
      when '+hardware_score' then c.hardware_points
      when '-hardware_score' then -c.hardware_points
      when '+software_score' then coalesce(c.software_points, l.software_denominator + 1)
      when '-software_score' then coalesce(-c.software_points, 1)
      when '+months_noncompliant' then s.months
      when '-months_noncompliant' then -s.months
    end) as keys
  from lists l
  join branch_completion c on c.programme = l.programme and c.month = l.month and not c.hardware_complete
  join streaks s on s.programme = c.programme and s.branch = c.branch and s.month = c.month
  join base n on n.programme = l.programme and n.month = l.month
),
ordered as (
  select *, rank() over (partition by programme, year order by keys) as position,
    count(*) over (partition by programme, year, keys) > 1 as tied
  from pool
)
select programme, year::integer as year, branch, township, position, tied, hardware_score, software_score, months_noncompliant
from ordered
-- A rank within n = ceil(share × base) takes the first n and all that tie with the nth.
where position <= (base_branches * rectification_share_bp + 9999) // 10000
