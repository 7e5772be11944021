-- How many branches of a township and kind meet each item. Counting 25 items of every branch one by one would be most of the
-- work of a country's month: four items are added at once instead, as four counters of 16 bits in one integer (a report has at
-- most 10,000 branches). Counter j of sum k is item 16 j + k.
(judged) as table
with sums as (
  select programme, period, month, township, kind, count(*) as branches,
    list_transform([
      sum((met >> 0) & 281479271743489), sum((met >> 1) & 281479271743489), sum((met >> 2) & 281479271743489), sum((met >> 3) & 281479271743489),
      sum((met >> 4) & 281479271743489), sum((met >> 5) & 281479271743489), sum((met >> 6) & 281479271743489), sum((met >> 7) & 281479271743489),
      sum((met >> 8) & 281479271743489), sum((met >> 9) & 281479271743489), sum((met >> 10) & 281479271743489), sum((met >> 11) & 281479271743489),
      sum((met >> 12) & 281479271743489), sum((met >> 13) & 281479271743489), sum((met >> 14) & 281479271743489), sum((met >> 15) & 281479271743489)
    ], lambda s: s::ubigint) as met,
    list_transform([
      sum((not_applicable >> 0) & 281479271743489), sum((not_applicable >> 1) & 281479271743489), sum((not_applicable >> 2) & 281479271743489), sum((not_applicable >> 3) & 281479271743489),
      sum((not_applicable >> 4) & 281479271743489), sum((not_applicable >> 5) & 281479271743489), sum((not_applicable >> 6) & 281479271743489), sum((not_applicable >> 7) & 281479271743489),
      sum((not_applicable >> 8) & 281479271743489), sum((not_applicable >> 9) & 281479271743489), sum((not_applicable >> 10) & 281479271743489), sum((not_applicable >> 11) & 281479271743489),
      sum((not_applicable >> 12) & 281479271743489), sum((not_applicable >> 13) & 281479271743489), sum((not_applicable >> 14) & 281479271743489), sum((not_applicable >> 15) & 281479271743489)
    ], lambda s: s::ubigint) as not_applicable
  from query_table(judged)
  group by programme, period, month, township, kind
),
widths as (
  select programme, kind, max(ordinal) + 1 as items from items group by programme, kind
)
select s.programme, s.period, s.month, s.township, s.kind, s.branches,
  list_transform(range(w.items), lambda i: ((s.met[i % 16 + 1] >> (16 * (i // 16))) & 65535)::integer) as met,
  list_transform(range(w.items), lambda i: ((s.not_applicable[i % 16 + 1] >> (16 * (i // 16))) & 65535)::integer) as not_applicable
from sums s
join widths w on w.programme = s.programme and w.kind = s.kind
