-- How many townships stand where with each milestone judged so far.
select s.programme, s.period, s.milestone, m.name, s.due, s.target_bp, m.ordinal,
  count(*) filter (where s.met) as townships_met,
  count(*) filter (where not s.met) as townships_missed,
  count(*) filter (where s.met is null) as townships_without_base, m.gloss
from milestone_status s
join milestones m on m.programme = s.programme and m.milestone = s.milestone
group by all
