-- The branches of a township that are alike in kind and stars, added up: integers only, so that no order of adding matters. Adding 25
-- items of every branch one by one would be most of the work of a country's month: four items are added at once instead, as
-- counters of 16 bits in one integer (a report has at most 10,000 branches). Counter j of the kth integer is item 16 j + k.
(judged) as table
select programme, period, month, township, kind, star,
  count(*) as branches,
  count(*) filter (where hardware_applicable > 0) as hardware_base,
  count(*) filter (where hardware_complete) as hardware_complete,
  coalesce(sum(hardware_points), 0)::bigint as hardware_points,
  count(*) filter (where software_applicable > 0) as software_base,
  count(*) filter (where software_complete) as software_complete,
  coalesce(sum(software_points), 0)::bigint as software_points,
  -- Complete in every track in whose base it is, and in at least one base.
  count(*) filter (where coalesce(hardware_complete, true) and coalesce(software_complete, true)
    and hardware_applicable + software_applicable > 0) as compliant,
  [
    sum(((met >> 0) & 281479271743489)::bigint), sum(((met >> 1) & 281479271743489)::bigint), sum(((met >> 2) & 281479271743489)::bigint), sum(((met >> 3) & 281479271743489)::bigint),
    sum(((met >> 4) & 281479271743489)::bigint), sum(((met >> 5) & 281479271743489)::bigint), sum(((met >> 6) & 281479271743489)::bigint), sum(((met >> 7) & 281479271743489)::bigint),
    sum(((met >> 8) & 281479271743489)::bigint), sum(((met >> 9) & 281479271743489)::bigint), sum(((met >> 10) & 281479271743489)::bigint), sum(((met >> 11) & 281479271743489)::bigint),
    sum(((met >> 12) & 281479271743489)::bigint), sum(((met >> 13) & 281479271743489)::bigint), sum(((met >> 14) & 281479271743489)::bigint), sum(((met >> 15) & 281479271743489)::bigint)
  ]::bigint[] as met_counters,
  [
    sum(((not_applicable >> 0) & 281479271743489)::bigint), sum(((not_applicable >> 1) & 281479271743489)::bigint), sum(((not_applicable >> 2) & 281479271743489)::bigint), sum(((not_applicable >> 3) & 281479271743489)::bigint),
    sum(((not_applicable >> 4) & 281479271743489)::bigint), sum(((not_applicable >> 5) & 281479271743489)::bigint), sum(((not_applicable >> 6) & 281479271743489)::bigint), sum(((not_applicable >> 7) & 281479271743489)::bigint),
    sum(((not_applicable >> 8) & 281479271743489)::bigint), sum(((not_applicable >> 9) & 281479271743489)::bigint), sum(((not_applicable >> 10) & 281479271743489)::bigint), sum(((not_applicable >> 11) & 281479271743489)::bigint),
    sum(((not_applicable >> 12) & 281479271743489)::bigint), sum(((not_applicable >> 13) & 281479271743489)::bigint), sum(((not_applicable >> 14) & 281479271743489)::bigint), sum(((not_applicable >> 15) & 281479271743489)::bigint)
  ]::bigint[] as not_applicable_counters
from query_table(judged)
group by programme, period, month, township, kind, star
