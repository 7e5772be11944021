-- The standards in force: kinds without items are left out, so that joining here leaves out branches without a standard.
select s.programme, s.kind, s.name, s.hardware_mask, s.software_mask, s.ordinal, s.gloss,
  bit_count(s.hardware_mask | s.software_mask)::integer as items
from dim_standard s
join programmes p on p.programme = s.programme and p.defined_at = s.position
where s.hardware_mask | s.software_mask <> 0
