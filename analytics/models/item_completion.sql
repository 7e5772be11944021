-- Branches with the same states are counted once and multiplied: far fewer rows meet the items.
with patterns as (
  select programme, period, kind, met, not_applicable, count(*) as branches
  from branch_completion
  group by all
)
select p.programme, p.period, p.kind, i.item,
  sum(p.branches) filter (where (p.not_applicable >> i.ordinal) & 1 = 0)::bigint as applicable,
  coalesce(sum(p.branches) filter (where (p.met >> i.ordinal) & 1 = 1), 0)::bigint as met
from patterns p
join items i on i.programme = p.programme and i.kind = p.kind
group by all
having applicable > 0
