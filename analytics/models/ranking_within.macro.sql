-- Townships of one area ranked among themselves, in all periods or in those asked for. Keys are the template's, each descending; a
-- null sorts below any number. A template has at most three. Where the hardware base is 0 a township has no rank and takes no place. The period before the
-- first one asked for is ranked too, for the rank before.
(prefix, first_period := '', last_period := '9999-12') as table
with keyed as (
  select c.programme, c.period, c.month, c.township, c.hardware_base > 0 as has_base,
    coalesce(case c.ranking_keys[1] when 'hardware_share' then c.hardware_share when 'software_share' then c.software_share
      when 'mean_hardware_score' then c.mean_hardware_score end, -1) as key_1,
    coalesce(case c.ranking_keys[2] when 'hardware_share' then c.hardware_share when 'software_share' then c.software_share
      when 'mean_hardware_score' then c.mean_hardware_score end, -1) as key_2,
    coalesce(case c.ranking_keys[3] when 'hardware_share' then c.hardware_share when 'software_share' then c.software_share
      when 'mean_hardware_score' then c.mean_hardware_score end, -1) as key_3
  from shares_of('township_sums') c
  -- Every code that begins with the prefix: a range is found sooner.
  where c.township >= prefix and c.township < prefix || '~'
    and c.month between coalesce(try_cast(left(first_period, 4) as integer) * 12 + try_cast(right(first_period, 2) as integer) - 2, 0)
      and coalesce(try_cast(left(last_period, 4) as integer) * 12 + try_cast(right(last_period, 2) as integer) - 1, 0)
),
ranked as (
  select programme, period, month, township,
    case when has_base then rank() over (partition by programme, month, has_base order by key_1 desc, key_2 desc, key_3 desc) end as rank
  from keyed
)
select r.programme, r.period, r.township, r.rank, b.rank as previous_rank
from ranked r
left join ranked b on b.programme = r.programme and b.township = r.township and b.month = r.month - 1
where r.period >= first_period
