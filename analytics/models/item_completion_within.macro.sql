-- How many branches of an area meet each item.
(prefix) as table
with counted as (
  select c.programme, c.period, c.kind, i.item,
    sum(c.branches - c.not_applicable[i.ordinal + 1])::bigint as applicable,
    sum(c.met[i.ordinal + 1])::bigint as met
  from item_counts c
  join items i on i.programme = c.programme and i.kind = c.kind
  -- Every code that begins with the prefix: a range is found sooner.
  where c.township >= prefix and c.township < prefix || '~'
  group by c.programme, c.period, c.kind, i.item
)
select programme, period, kind, item, applicable, met
from counted
where applicable > 0
