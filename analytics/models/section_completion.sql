-- How far each section of each standard is met, by township and for the whole programme. Branches with the same states are
-- counted once and multiplied, and a section's items are counted as bits under its mask.
with sections as (
  select i.programme, i.kind, s.name as kind_name, s.gloss as kind_gloss, i.section, i.section_title, i.section_gloss,
    case when min(i.track) = max(i.track) then min(i.track) else 'both' end as track,
    bit_or(1::ubigint << i.ordinal) as mask,
    row_number() over (partition by i.programme order by s.ordinal, i.section) - 1 as ordinal
  from items i
  join standards s on s.programme = i.programme and s.kind = i.kind
  group by i.programme, i.kind, s.name, s.gloss, s.ordinal, i.section, i.section_title, i.section_gloss
),
patterns as (
  select programme, period, township, kind, met, not_applicable, count(*) as branches
  from branch_completion
  group by all
),
sums as (
  select p.programme, p.period, coalesce(p.township, '') as township, s.kind, s.section,
    sum(p.branches * bit_count(s.mask & ~p.not_applicable))::bigint as applicable,
    sum(p.branches * bit_count(s.mask & p.met))::bigint as met
  from patterns p
  join sections s on s.programme = p.programme and s.kind = p.kind
  group by grouping sets ((p.programme, p.period, p.township, s.kind, s.section), (p.programme, p.period, s.kind, s.section))
),
areas as (
  select programme, township from programme_townships
  union all
  select programme, '' from programmes
),
counted as (
  select p.programme, p.period, a.township, s.kind, s.kind_name, s.section, s.section_title, s.track,
    coalesce(n.applicable, 0) as applicable, coalesce(n.met, 0) as met, s.ordinal, s.kind_gloss, s.section_gloss
  from periods p
  join areas a on a.programme = p.programme
  join sections s on s.programme = p.programme
  left join sums n on n.programme = p.programme and n.period = p.period and n.township = a.township
    and n.kind = s.kind and n.section = s.section
)
select programme, period, township, kind, kind_name, section, section_title, track, applicable, met,
  case when applicable > 0 then met / applicable end as met_share, ordinal, kind_gloss, section_gloss
from counted
