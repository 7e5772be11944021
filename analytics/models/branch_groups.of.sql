-- The branches of a township that are alike in kind and stars, added up: integers only, so that no order of adding matters. A branch
-- is in a track's base where it is complete or not; null = no item of the track applies.
(judged) as table
with sums as (
  select programme, month, township, kind, star,
    count(*) as branches,
    count(hardware_complete) as hardware_base,
    count(*) filter (where hardware_complete) as hardware_complete,
    coalesce(sum(hardware_points), 0)::bigint as hardware_points,
    count(software_complete) as software_base,
    count(*) filter (where software_complete) as software_complete,
    coalesce(sum(software_points), 0)::bigint as software_points,
    -- Complete in every track in whose base it is, and in at least one base.
    count(*) filter (where coalesce(hardware_complete, true) and coalesce(software_complete, true)
      and coalesce(hardware_complete, software_complete) is not null) as compliant
  from query_table(judged)
  group by programme, month, township, kind, star
)
select s.programme, p.period, s.month, s.township, s.kind, s.star, s.branches,
  s.hardware_base, s.hardware_complete, s.hardware_points, s.software_base, s.software_complete, s.software_points, s.compliant
from sums s
join periods p on p.programme = s.programme and p.month = s.month
