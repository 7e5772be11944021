-- How many branches of a township and kind meet each item: the counters of its groups, added and taken apart.
(grouped) as table
with sums as (
  select programme, period, month, township, kind, sum(branches)::bigint as branches,
    [
      sum(met_counters[1]), sum(met_counters[2]), sum(met_counters[3]), sum(met_counters[4]), sum(met_counters[5]), sum(met_counters[6]), sum(met_counters[7]), sum(met_counters[8]),
      sum(met_counters[9]), sum(met_counters[10]), sum(met_counters[11]), sum(met_counters[12]), sum(met_counters[13]), sum(met_counters[14]), sum(met_counters[15]), sum(met_counters[16])
    ]::bigint[] as met,
    [
      sum(not_applicable_counters[1]), sum(not_applicable_counters[2]), sum(not_applicable_counters[3]), sum(not_applicable_counters[4]), sum(not_applicable_counters[5]), sum(not_applicable_counters[6]), sum(not_applicable_counters[7]), sum(not_applicable_counters[8]),
      sum(not_applicable_counters[9]), sum(not_applicable_counters[10]), sum(not_applicable_counters[11]), sum(not_applicable_counters[12]), sum(not_applicable_counters[13]), sum(not_applicable_counters[14]), sum(not_applicable_counters[15]), sum(not_applicable_counters[16])
    ]::bigint[] as not_applicable
  from query_table(grouped)
  group by programme, period, month, township, kind
),
widths as (
  select programme, kind, max(ordinal) + 1 as items from items group by programme, kind
)
select s.programme, s.period, s.month, s.township, s.kind, s.branches,
  flatten(list_transform([0, 16, 32, 48], lambda bits: list_transform(s.met, lambda c: ((c >> bits) & 65535)::integer)))[1:w.items] as met,
  flatten(list_transform([0, 16, 32, 48], lambda bits: list_transform(s.not_applicable, lambda c: ((c >> bits) & 65535)::integer)))[1:w.items] as not_applicable
from sums s
join widths w on w.programme = s.programme and w.kind = s.kind
