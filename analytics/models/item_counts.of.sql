-- How many branches that are alike in whatever other columns they have meet each item. These must hold a programme's township, month and kind apart, so that
-- no count passes the 10,000 branches that a report lists, and include the number of the standard's items. Adding 25 items of every branch one by one would be
-- most of the work of a country's month: branches with the same states are counted first, a quarter is left, and four items are added at once, as counters
-- of 16 bits in one integer, and taken apart at the end. Counter j of the kth integer is item 16 j + k.
(judged) as table
with patterns as (
  select *, count(*) as branches from query_table(judged) group by all
),
sums as (
  select * exclude (met, not_applicable, branches), sum(branches)::bigint as branches,
    [
      sum(((met >> 0) & 281479271743489)::bigint * branches), sum(((met >> 1) & 281479271743489)::bigint * branches), sum(((met >> 2) & 281479271743489)::bigint * branches), sum(((met >> 3) & 281479271743489)::bigint * branches),
      sum(((met >> 4) & 281479271743489)::bigint * branches), sum(((met >> 5) & 281479271743489)::bigint * branches), sum(((met >> 6) & 281479271743489)::bigint * branches), sum(((met >> 7) & 281479271743489)::bigint * branches),
      sum(((met >> 8) & 281479271743489)::bigint * branches), sum(((met >> 9) & 281479271743489)::bigint * branches), sum(((met >> 10) & 281479271743489)::bigint * branches), sum(((met >> 11) & 281479271743489)::bigint * branches),
      sum(((met >> 12) & 281479271743489)::bigint * branches), sum(((met >> 13) & 281479271743489)::bigint * branches), sum(((met >> 14) & 281479271743489)::bigint * branches), sum(((met >> 15) & 281479271743489)::bigint * branches)
    ]::bigint[] as met,
    [
      sum(((not_applicable >> 0) & 281479271743489)::bigint * branches), sum(((not_applicable >> 1) & 281479271743489)::bigint * branches), sum(((not_applicable >> 2) & 281479271743489)::bigint * branches), sum(((not_applicable >> 3) & 281479271743489)::bigint * branches),
      sum(((not_applicable >> 4) & 281479271743489)::bigint * branches), sum(((not_applicable >> 5) & 281479271743489)::bigint * branches), sum(((not_applicable >> 6) & 281479271743489)::bigint * branches), sum(((not_applicable >> 7) & 281479271743489)::bigint * branches),
      sum(((not_applicable >> 8) & 281479271743489)::bigint * branches), sum(((not_applicable >> 9) & 281479271743489)::bigint * branches), sum(((not_applicable >> 10) & 281479271743489)::bigint * branches), sum(((not_applicable >> 11) & 281479271743489)::bigint * branches),
      sum(((not_applicable >> 12) & 281479271743489)::bigint * branches), sum(((not_applicable >> 13) & 281479271743489)::bigint * branches), sum(((not_applicable >> 14) & 281479271743489)::bigint * branches), sum(((not_applicable >> 15) & 281479271743489)::bigint * branches)
    ]::bigint[] as not_applicable
  from patterns
  group by all
)
select * exclude (items, met, not_applicable),
  flatten(list_transform([0, 16, 32, 48], lambda bits: list_transform(met, lambda c: ((c >> bits) & 65535)::integer)))[1:items] as met,
  flatten(list_transform([0, 16, 32, 48], lambda bits: list_transform(not_applicable, lambda c: ((c >> bits) & 65535)::integer)))[1:items] as not_applicable
from sums
