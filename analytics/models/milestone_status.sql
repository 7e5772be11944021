-- Every milestone from the period that contains its due date on. Its first row is the verdict of that period.
with judged as (
  select p.programme, p.period, p.month, t.township, m.milestone, m.due_on, m.due_month, m.target_bp, m.track,
    m.star_min, m.star_max, m.all_branches
  from milestones m
  join periods p on p.programme = m.programme and p.month >= m.due_month
  join programme_townships t on t.programme = m.programme
),
sums as (
  select programme, month, township, 'hardware' as track, star, hardware_base as base, hardware_complete as complete from group_sums
  union all
  select programme, month, township, 'software', star, software_base, software_complete from group_sums
),
counted as (
  select j.programme, j.period, j.month, j.township, j.milestone, j.due_on, j.due_month, j.target_bp,
    coalesce(sum(s.base), 0)::bigint as base, coalesce(sum(s.complete), 0)::bigint as complete
  from judged j
  left join sums s on s.programme = j.programme and s.month = j.month and s.township = j.township and s.track = j.track
    and (j.all_branches or s.star between j.star_min and j.star_max)
  group by all
),
verdicts as (
  select *, case when base > 0 then complete * 10000 >= target_bp * base end as met
  from counted
)
select v.programme, v.period, v.township, v.milestone, v.due_on as due, v.base, v.complete, v.target_bp, v.met, d.met as met_on_time
from verdicts v
left join verdicts d on d.programme = v.programme and d.township = v.township and d.milestone = v.milestone and d.month = v.due_month
