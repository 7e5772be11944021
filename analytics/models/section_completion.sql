-- How far each section of each standard is met, by township and for the whole programme.
with sections as (
  select i.programme, i.kind, s.name as kind_name, s.gloss as kind_gloss, i.section, i.section_title, i.section_gloss,
    case when min(i.track) = max(i.track) then min(i.track) else 'both' end as track,
    row_number() over (partition by i.programme order by s.ordinal, i.section) - 1 as ordinal
  from items i
  join standards s on s.programme = i.programme and s.kind = i.kind
  group by i.programme, i.kind, s.name, s.gloss, s.ordinal, i.section, i.section_title, i.section_gloss
),
sums as (
  select c.programme, c.period, coalesce(c.township, '') as township, i.kind, i.section,
    sum(c.branches - c.not_applicable[i.ordinal + 1])::bigint as applicable,
    sum(c.met[i.ordinal + 1])::bigint as met
  from item_counts c
  join items i on i.programme = c.programme and i.kind = c.kind
  group by grouping sets ((c.programme, c.period, c.township, i.kind, i.section), (c.programme, c.period, i.kind, i.section))
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
