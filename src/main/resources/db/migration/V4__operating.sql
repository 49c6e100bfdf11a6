-- Lists, groups, replay runs, discarding and editing.
alter table message add column maybe integer not null default 0;  -- 1: it failed, and may have reached its goal all the same
alter table message add column reason text;                       -- why an operator discarded it
alter table message add column discarded_at bigint;
alter table message add column discarded_from text;               -- the state that undoing it brings back
alter table message add column customer text;                     -- to search by
alter table message add column run bigint;                        -- the replay run that its next outcome belongs to
update message set customer = ${customer};
update message set maybe = 1 where state = 'uncertain' or failure like '%"mayHaveBeenSent":true%';

-- A list of some states or lanes takes the newest of each pair, and needs no sort of what it does not show.
drop index message_state;
create index message_list on message (state, lane, seq);
-- All that groups and filters of failed messages ask for, so that they never look at the messages themselves.
create index message_failed on message (state, lane, class, code, seq, finished_at, maybe, batch) where class is not null;
create index message_customer on message (customer, seq) where customer is not null;

-- The labels of messages, to search by; a message without labels has no row.
create table label (
  value text   not null,
  name  text   not null,
  seq   bigint not null,                                          -- the message's
  primary key (value, name, seq)
) ${without_rowid};
insert into label (value, name, seq) select each.value, each.key, message.seq from message, ${each_label};

create table replay (
  seq          bigint  not null primary key,
  id           text    not null unique,
  request      text    not null,                                  -- what was asked for, as it was
  state        text    not null,                                  -- running, finished, stopped, cancelled
  cutoff       bigint  not null,                                  -- only what was dead before
  rate         real,                                              -- messages a second; null: as fast as it goes
  ramp         integer not null,
  stage        integer not null default 0,                        -- of the ramp
  later_sent   bigint  not null default 0,                        -- of whose conversation later messages had gone out
  stop_at      real,                                              -- share of relapses that stops it
  maybe_sent   integer not null,                                  -- 1: what may have been sent is replayed too
  total        bigint  not null,
  replayed     bigint  not null default 0,
  delivered    bigint  not null default 0,
  relapsed     bigint  not null default 0,
  discarded    bigint  not null default 0,
  skipped      bigint  not null default 0,
  skipped_maybe bigint not null default 0,
  skipped_changed bigint not null default 0,
  skipped_account bigint not null default 0,
  reason       text,                                              -- the operator's
  why          text,                                              -- why it was stopped
  started_at   bigint  not null,
  finished_at  bigint
);
create index replay_running on replay (seq) where state = 'running';

-- What is left to replay; a row goes when its message is replayed or skipped.
create table replay_item (
  run bigint not null,
  seq bigint not null,
  primary key (run, seq)
) ${without_rowid};

alter table lane add column until bigint;                         -- when a paused lane goes on by itself
