select m.programme, m.milestone, m.ordinal, m.name, m.track, m.star_min, m.star_max, m.all_branches, m.due_on,
  year(m.due_on) * 12 + month(m.due_on) - 1 as due_month, m.target_bp, m.gloss
from dim_milestone m
join programmes p on p.programme = m.programme and p.defined_at = m.position
