-- Branches that are alike in whatever other columns they have, added up: integers only, so that no order of adding matters. A branch
-- is in a track's base where it is complete or not; null = no item of the track applies.
(judged) as table
select * exclude (hardware_complete, hardware_points, software_complete, software_points),
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
group by all
