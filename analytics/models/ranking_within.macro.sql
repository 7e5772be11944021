-- Townships of one area ranked among themselves. Keys are the template's, each descending; a null sorts below any number.
-- Where the hardware base is 0 a township has no rank and takes no place.
(prefix) as table
with keyed as (
  select c.programme, c.period, p.month, c.township, c.hardware_base,
    list_transform(g.ranking_keys, lambda key: coalesce(case key
      when 'hardware_share' then c.hardware_share
      when 'software_share' then c.software_share
      when 'mean_hardware_score' then c.mean_hardware_score
      when 'mean_software_score' then c.mean_software_score
    end, -1)) as keys
  from township_completion c
  join programmes g on g.programme = c.programme
  join periods p on p.programme = c.programme and p.period = c.period
  where starts_with(c.township, prefix)
),
ranked as (
  select programme, period, month, township,
    case when hardware_base > 0
      then rank() over (partition by programme, month, hardware_base > 0 order by keys desc) end as rank
  from keyed
)
select r.programme, r.period, r.township, r.rank, b.rank as previous_rank
from ranked r
left join ranked b on b.programme = r.programme and b.township = r.township and b.month = r.month - 1
