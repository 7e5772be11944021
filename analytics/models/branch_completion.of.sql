-- Every active branch with a standard, in the periods and townships asked for, on the report in force there. A branch that it
-- does not list counts as all not met, conditional items included. Scores stand as integers over the template's common
-- denominator (points), so that sums do not depend on their order. Columns of standards_in_force that are not used up go along.
(standards_in_force, branches, states) as table
with active as (
  select f.*, b.branch, b.branch_number, b.star
  from query_table(standards_in_force) f
  join query_table(branches) b on b.township = f.township and b.kind = f.kind
    and b.active_from <= f.ends_on and (b.active_to is null or b.active_to > f.ends_on)
),
judged as (
  select a.*, r.branch_number is not null as listed,
    coalesce(r.met, 0::ubigint) as met, coalesce(x.not_applicable, 0::ubigint) as not_applicable
  from active a
  left join query_table(states) r on r.position = a.report_position and r.branch_number = a.branch_number
  left join dim_not_applicable_set x on x.not_applicable_set = r.not_applicable_set
),
counted as (
  select *,
    bit_count(hardware_mask & ~not_applicable)::integer as hardware_applicable, bit_count(hardware_mask & met)::integer as hardware_met,
    bit_count(software_mask & ~not_applicable)::integer as software_applicable, bit_count(software_mask & met)::integer as software_met
  from judged
)
select * exclude (report_position, ends_on, hardware_mask, software_mask, hardware_denominator, software_denominator),
  case when hardware_applicable > 0 then hardware_met = hardware_applicable end as hardware_complete,
  case when software_applicable > 0 then software_met = software_applicable end as software_complete,
  case when hardware_applicable > 0 then hardware_met * (hardware_denominator // hardware_applicable) end as hardware_points,
  case when software_applicable > 0 then software_met * (software_denominator // software_applicable) end as software_points
from counted
