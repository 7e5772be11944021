-- The star: a projection of the log, disposable, rebuilt whenever this text changes (its hash names the file).
-- Every row carries the log position it came from and is never altered, so that any position can be read again.
-- Projection 7: raise the number when the projecting code changes what it writes, or how it is packed.

create table star_head (
  position bigint not null,              -- last record projected
  hash blob not null,                    -- its hash in the log's chain
  received_at timestamptz not null,      -- the latest that any report carries
  ended_month integer,                   -- months up to this one are on record as ended; null = none
  models varchar not null,               -- hash of the models that schema head was made by
  kept boolean not null                  -- whether schema head's tables hold what their models give at this position
);

create table dim_programme (
  position bigint not null,
  programme varchar not null,
  template varchar not null,
  launch_year integer not null,
  area varchar not null,                 -- code prefix; '' = all
  title varchar not null,
  gloss varchar not null,                -- the title in English
  launch_month integer not null,         -- first period, months since year 0
  due_day integer not null,              -- last day that is on time, in the month after the period
  cut_off_minutes integer not null,      -- from the start of that day; 1440 = its end
  holidays date[] not null,              -- a due day among them moves to the next day that is not
  hardware_denominator bigint not null,  -- common denominator of the scores
  software_denominator bigint not null,
  pace_starts_on date,                   -- null = no pace line
  ranking_keys varchar[] not null,
  rectification_share_bp integer,        -- null = no list
  rectification_first_year integer,
  rectification_keys varchar[],          -- '+key' ascending, '-key' descending
  bulk_flip_share_bp integer not null,
  bulk_flip_items integer not null,
  uniform_branches integer not null,
  unchanged_periods integer not null
);

create table dim_standard (
  position bigint not null,
  programme varchar not null,
  ordinal integer not null,              -- place in the template, from 0
  kind varchar not null,
  name varchar not null,
  gloss varchar not null,
  hardware_mask ubigint not null,        -- bit i = item i of the kind is of the track
  software_mask ubigint not null
);

create table dim_item (
  position bigint not null,
  programme varchar not null,
  kind varchar not null,
  ordinal integer not null,              -- bit of its state, from 0
  item varchar not null,
  section integer not null,
  section_title varchar not null,
  section_gloss varchar not null,
  track varchar not null,
  title varchar not null,
  gloss varchar not null,
  condition varchar                      -- null = always applies
);

create table dim_milestone (
  position bigint not null,
  programme varchar not null,
  ordinal integer not null,
  milestone varchar not null,
  name varchar not null,
  gloss varchar not null,
  track varchar not null,
  star_min integer not null,
  star_max integer not null,
  all_branches boolean not null,
  due_on date not null,
  target_bp integer not null
);

create table dim_township (
  position bigint not null,
  township varchar not null,
  name varchar not null
);

create table dim_branch (
  position bigint not null,
  branch_number integer not null,        -- order of first registration within the township, from 0
  branch varchar not null,
  name varchar not null,
  township varchar not null,
  kind varchar not null,
  star integer not null,
  active_from date not null,
  active_to date
);

create table fact_report (
  position bigint not null,
  programme varchar not null,
  month integer not null,                -- months since year 0
  township varchar not null,
  version integer not null,
  received_at timestamptz not null,
  imported boolean not null,
  submission_id varchar not null,
  hash blob not null,
  branches integer not null,             -- branches listed
  progress varchar not null using compression zstd,
  problems varchar not null using compression zstd,
  next_steps varchar not null using compression zstd,
  matters_to_coordinate varchar not null using compression zstd,
  good_practices varchar not null using compression zstd,
  prepared_by_post varchar not null,
  prepared_on varchar not null,
  approved_by_post varchar not null,
  approved_on varchar not null
);

-- One compact row per branch and report: 114 million item states a month are 4.55 million rows.
create table fact_branch_report (
  position bigint not null,              -- of the report
  branch_number integer not null,        -- within the township: it takes a byte, where a number among all takes two or three
  met ubigint not null,                  -- bit i = item i is met
  not_applicable_set integer not null    -- the items that are not applicable
);

-- A country's branches have a handful of these between them: a number takes two bits of a row where the items take sixteen.
create table dim_not_applicable_set (
  position bigint not null,              -- of the first report that has it
  not_applicable_set integer not null,   -- order of first appearance; 0 = none
  not_applicable ubigint not null        -- bit i = item i is not applicable
);

create table fact_period_end (
  position bigint not null,
  month integer not null                 -- this month and all before it have ended
);

create table fact_publication (
  position bigint not null,
  programme varchar not null,
  month integer not null,
  published_at timestamptz not null,
  figures_position bigint not null,
  year integer not null,                 -- of its number
  number integer not null                -- among the programme's bulletins of the year, from 1
);

create table fact_bulletin_file (
  position bigint not null,
  programme varchar not null,
  month integer not null,
  name varchar not null,
  size bigint not null,                  -- bytes
  sha256 blob not null
);

-- Figures as they were printed: later records never change them.
create table fact_published_figure (
  position bigint not null,
  programme varchar not null,
  month integer not null,
  township varchar not null,             -- '' = the whole programme
  figure varchar not null,
  value varchar                          -- null = none
);

-- Figures of earlier bulletins as a later one told them.
create table fact_restated_figure (
  position bigint not null,
  programme varchar not null,
  month integer not null,                -- that the figure is of
  township varchar not null,
  figure varchar not null,
  value varchar
);

create table fact_reopening (
  position bigint not null,
  programme varchar not null,
  month integer not null,
  township varchar not null,
  reopened_at timestamptz not null,
  reason varchar not null
);
