-- How many branches of a township and kind meet each item. Adding 25 items of every branch one by one would be most of the work of a
-- country's month: four items are added at once instead, as counters of 16 bits in one integer (a report has at most 10,000 branches),
-- and taken apart at the end. Counter j of the kth integer is item 16 j + k.
(judged) as table
with sums as (
  select programme, month, township, kind, count(*) as branches,
    [
      sum(((met >> 0) & 281479271743489)::bigint), sum(((met >> 1) & 281479271743489)::bigint), sum(((met >> 2) & 281479271743489)::bigint), sum(((met >> 3) & 281479271743489)::bigint),
      sum(((met >> 4) & 281479271743489)::bigint), sum(((met >> 5) & 281479271743489)::bigint), sum(((met >> 6) & 281479271743489)::bigint), sum(((met >> 7) & 281479271743489)::bigint),
      sum(((met >> 8) & 281479271743489)::bigint), sum(((met >> 9) & 281479271743489)::bigint), sum(((met >> 10) & 281479271743489)::bigint), sum(((met >> 11) & 281479271743489)::bigint),
      sum(((met >> 12) & 281479271743489)::bigint), sum(((met >> 13) & 281479271743489)::bigint), sum(((met >> 14) & 281479271743489)::bigint), sum(((met >> 15) & 281479271743489)::bigint)
    ]::bigint[] as met,
    [
      sum(((not_applicable >> 0) & 281479271743489)::bigint), sum(((not_applicable >> 1) & 281479271743489)::bigint), sum(((not_applicable >> 2) & 281479271743489)::bigint), sum(((not_applicable >> 3) & 281479271743489)::bigint),
      sum(((not_applicable >> 4) & 281479271743489)::bigint), sum(((not_applicable >> 5) & 281479271743489)::bigint), sum(((not_applicable >> 6) & 281479271743489)::bigint), sum(((not_applicable >> 7) & 281479271743489)::bigint),
      sum(((not_applicable >> 8) & 281479271743489)::bigint), sum(((not_applicable >> 9) & 281479271743489)::bigint), sum(((not_applicable >> 10) & 281479271743489)::bigint), sum(((not_applicable >> 11) & 281479271743489)::bigint),
      sum(((not_applicable >> 12) & 281479271743489)::bigint), sum(((not_applicable >> 13) & 281479271743489)::bigint), sum(((not_applicable >> 14) & 281479271743489)::bigint), sum(((not_applicable >> 15) & 281479271743489)::bigint)
    ]::bigint[] as not_applicable
  from query_table(judged)
  group by programme, month, township, kind
),
widths as (
  select programme, kind, max(ordinal) + 1 as items from items group by programme, kind
)
select s.programme, p.period, s.month, s.township, s.kind, s.branches,
  flatten(list_transform([0, 16, 32, 48], lambda bits: list_transform(s.met, lambda c: ((c >> bits) & 65535)::integer)))[1:w.items] as met,
  flatten(list_transform([0, 16, 32, 48], lambda bits: list_transform(s.not_applicable, lambda c: ((c >> bits) & 65535)::integer)))[1:w.items] as not_applicable
from sums s
join periods p on p.programme = s.programme and p.month = s.month
join widths w on w.programme = s.programme and w.kind = s.kind
