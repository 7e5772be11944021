-- What a township has to send, and what it has sent. Instants are microseconds since 1970 UTC, by the hub's clock.
create table if not exists submission (
  submission_id text primary key,
  place integer not null unique,       -- order in which they were put here
  programme text not null,
  township text not null,
  period text not null,                -- YYYY-MM
  report blob not null,                -- hub.v1.Report
  file text not null,                  -- where it was read from
  saved_at integer not null,           -- the file, when it was read
  notes text not null,                 -- what a person should look at, a line each
  send_at integer not null,            -- not before this
  due_at integer not null,             -- a first version received before this is on time
  state text not null,                 -- waiting, kept, confirmed, parked
  told integer not null default 0,     -- whether the words beside the file are those of this state
  expected_version integer not null,   -- that it follows; 0 = none
  attempts integer not null default 0,
  unexplained integer not null default 0, -- attempts that ended in UNKNOWN or INTERNAL
  refused_for text,                    -- the hub's reason for which it was parked; empty = the hub gave none
  why_zh text,                         -- of the last attempt that failed; null = none did
  why_en text,
  receipt blob,                        -- hub.v1.Receipt; null until the hub has it
  on_time integer                      -- whether the month's first version was; null = not known
) strict;

-- Files that were checked as they now are, by this machine's clock: a new start must not take an older one for a newer report.
create table if not exists checked (
  file text primary key,
  saved_at integer not null,
  bytes integer not null
) strict;

-- Files in the folder with something wrong that a clerk has to look at, in words, a line each.
create table if not exists wrong (
  file text primary key,
  words_zh text not null,
  words_en text not null
) strict;

-- What the hub has told a township. A position of its log is a message.
create table if not exists message (
  township text not null,
  position integer not null,
  message blob not null,               -- hub.v1.InboxMessage
  read_at integer not null,
  told integer not null default 0,     -- whether the log of the agent says it
  workbook_due integer not null,       -- whether new workbooks are still to be made for it
  primary key (township, position)
) strict;

-- How far a township's inbox was read.
create table if not exists inbox_read (
  township text primary key,
  next_after integer not null,
  is_history integer not null          -- whether what follows was there before this agent first asked
) strict;
