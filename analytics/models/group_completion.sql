-- Completion by kind and by stars. The star tiers are the scopes of the hardware milestones; tiers may overlap, and a star that
-- none covers is a tier of its own, so that every branch is in at least one.
with scopes as (
  select distinct programme, star_min, star_max from milestones where track = 'hardware' and not all_branches
),
stars as (
  select programme, unnest(range(0, 6))::integer as star from programmes
),
tiers as (
  select programme, star_min, star_max from scopes
  union all
  select s.programme, s.star, s.star
  from stars s
  where not exists (from scopes c where c.programme = s.programme and s.star between c.star_min and c.star_max)
),
groups as (
  select programme, 'kind' as grouping, row_number() over (partition by programme order by ordinal) - 1 as ordinal,
    kind, null::integer as star_min, null::integer as star_max, name, gloss
  from standards
  union all
  select programme, 'star', row_number() over (partition by programme order by star_max desc, star_min desc) - 1,
    null, star_min, star_max, null, null
  from tiers
),
-- What a tier is asked for: the all-branches target in force, or more by a milestone that covers the whole tier.
asked as (
  select p.programme, p.period, g.grouping, g.ordinal, g.kind, g.star_min, g.star_max, g.name, g.gloss,
    greatest(t.target_bp, coalesce(max(m.target_bp), 0)) as hardware_target_bp
  from periods p
  join groups g on g.programme = p.programme
  join hardware_targets t on t.programme = p.programme and t.month = p.month
  left join milestones m on m.programme = p.programme and m.track = 'hardware' and m.due_month <= p.month
    and m.star_min <= g.star_min and m.star_max >= g.star_max
  group by p.programme, p.period, g.grouping, g.ordinal, g.kind, g.star_min, g.star_max, g.name, g.gloss, t.target_bp
),
sums as (
  select programme, period, kind, star, sum(branches) as branches, sum(hardware_base) as hardware_base, sum(hardware_complete) as hardware_complete,
    sum(software_base) as software_base, sum(software_complete) as software_complete
  from group_sums
  group by all
),
counted as (
  select a.*,
    coalesce(sum(s.branches), 0)::bigint as branches,
    coalesce(sum(s.hardware_base), 0)::bigint as hardware_base,
    coalesce(sum(s.hardware_complete), 0)::bigint as hardware_complete,
    coalesce(sum(s.software_base), 0)::bigint as software_base,
    coalesce(sum(s.software_complete), 0)::bigint as software_complete
  from asked a
  left join sums s on s.programme = a.programme and s.period = a.period
    and (s.kind = a.kind or s.star between a.star_min and a.star_max)
  group by all
)
select programme, period, grouping, ordinal, kind, star_min, star_max, name, branches,
  hardware_base, hardware_complete, case when hardware_base > 0 then hardware_complete / hardware_base end as hardware_share,
  software_base, software_complete, case when software_base > 0 then software_complete / software_base end as software_share,
  hardware_target_bp, gloss as kind_gloss
from counted
