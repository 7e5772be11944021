select i.programme, i.kind, i.item, i.ordinal, i.section, i.section_title, i.track, i.title, i.gloss, i.condition, i.section_gloss
from dim_item i
join programmes p on p.programme = i.programme and p.defined_at = i.position
