-- The least met item first; of equal shares, the one that more branches are asked for.
with shares as (
  select c.programme, c.period, c.kind, s.name as kind_name, s.ordinal as kind_ordinal, c.item, i.ordinal, i.section, i.section_title,
    i.track, i.title, i.gloss, c.applicable, c.met, c.met / c.applicable as met_share,
    s.gloss as kind_gloss, i.section_gloss
  from item_completion c
  join items i on i.programme = c.programme and i.kind = c.kind and i.item = c.item
  join standards s on s.programme = c.programme and s.kind = c.kind
)
select programme, period,
  row_number() over (partition by programme, period order by met_share, applicable desc, kind_ordinal, ordinal) as position,
  kind, kind_name, item, section, section_title, track, title, gloss, applicable, met, met_share, kind_gloss, section_gloss
from shares
