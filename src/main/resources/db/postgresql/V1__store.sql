-- The durable home of every message. Times are milliseconds since 1970; a number (seq) grows with the time and holds it.
-- What was accepted is inserted once; what is unfinished has a row of work, what is finished a row of outcome, never both.

-- One row for each id, so that the history may be partitioned by number.
create table identity (
  id   text collate "C" not null primary key,
  seq  bigint not null,
  hash text not null                          -- tells the message from another one of its id
);

-- What was accepted. A delivered message's row is written once; erasing it, and a conversation that it begins, are the exceptions.
create table message (
  seq             bigint primary key,                    -- the order of acceptance
  id              text collate "C" not null,
  lane            text collate "C" not null,            -- vendor/account
  api             text not null,
  operation       text not null,
  conversation    text collate "C",
  conversation_of text,                       -- the message that begins its conversation
  customer        text collate "C",
  sender          text,                       -- the key that handed it in
  body            text,                       -- the message; null once erased
  intake          text not null,
  batch           text,
  line            bigint,
  reply_to        text,
  correlation     text,
  trace           text,
  accepted_at     bigint not null,
  replaces        text                        -- the message in whose place it was edited
);
create index message_batch on message (batch, line) where batch is not null;
create index message_conversation on message (conversation, seq) where conversation is not null;
create index message_awaits on message (conversation_of) where conversation_of is not null;
create index message_customer on message (customer, seq) where customer is not null;
create index message_sender on message (sender, seq) where sender is not null;

-- The labels of messages, to search by; a message without labels has no row.
create table label (
  value text collate "C" not null,
  name  text collate "C" not null,
  seq   bigint not null,                      -- the message's
  primary key (value, name, seq)
);
create index label_message on label (seq);

-- The work queue: one row for each message that is not finished.
create table work (
  lane            text collate "C" not null,
  seq             bigint not null,            -- the message's
  api             text not null,
  conversation    text,
  conversation_of text,                       -- only while it awaits the message that begins its conversation
  batch           text,
  stage           text not null,              -- new, ready, behind, not-before, sending, held, awaiting
  front           smallint,                   -- 1: what is behind it in its conversation waits for it; 0: it is behind; null: neither
  band            smallint not null,          -- 0: a single message, 1: of a batch
  position        bigint not null,            -- the order within its conversation
  due             bigint not null,
  expires         bigint not null,
  attempts        integer not null,           -- made so far, also before a replay
  tries           integer not null,           -- the attempts that count on the retry schedule
  waits           text,                       -- for what since its last attempt: retry, retry-after, later, hours, gate; null: none has failed
  uncertain       smallint not null,          -- 1: an earlier attempt may have been done
  epoch           bigint not null,            -- of the owner that made the last attempt
  run             bigint,                     -- the replay run that its outcome belongs to
  erase           smallint not null default 0, -- 1: to be discarded and erased, or erased once its attempt has ended
  class           text,                       -- why the last attempt failed
  code            text,
  failure         text,
  primary key (lane, seq)
);
create index work_ready on work (lane, api, band, due, position) where stage = 'ready';
create index work_conversation on work (lane, api, conversation, front, position) where conversation is not null;
create index work_expires on work (lane, expires) where stage <> 'sending';
create index work_unplaced on work (lane, stage, due) where stage in ('new', 'not-before', 'held');
create index work_awaiting on work (conversation_of) where stage = 'awaiting';
create index work_batch on work (batch, lane) where batch is not null;
create index work_waits on work (batch, stage) where batch is not null and waits is not null;
create index work_erase on work (erase, lane) where erase = 1;
-- A position is above the message's number only where a message was sent again, or joined its conversation later.
create index work_moved on work (position) where position > seq;

-- How a message ended, with its last attempt.
create table outcome (
  seq            bigint primary key,                     -- the message's
  lane           text collate "C" not null,
  state          text collate "C" not null,             -- delivered, dead, uncertain, discarded, replaced
  class          text collate "C",
  code           text collate "C",
  failure        text,
  dead_letter    text,                       -- the dead-letter route; null: the error handlers are still to be asked
  maybe          smallint not null,           -- 1: it failed, and may have reached its goal all the same
  result         text,
  batch          text,                        -- only of one that failed
  finished_at    bigint not null,
  late           smallint not null,           -- 1: its number does not tell when it was done, by an hour
  attempts       integer not null,
  started_at     bigint,                      -- of the last attempt; null: no attempt ended it
  ended_at       bigint,
  disposition    text,
  http_status    integer,
  answer_code    text,
  answer_message text,
  request        text,
  answer         text,
  replaced_by    text,
  reason         text,                        -- why an operator discarded it
  discarded_at   bigint,
  discarded_from text,                        -- the state that undoing it brings back
  erased_at      bigint                       -- what it held is no more
);
create index outcome_list on outcome (state, lane, seq);
-- All that groups and filters of failed messages ask for, so that they never look at the messages themselves.
create index outcome_failed on outcome (state, lane, class, code, dead_letter, seq, finished_at, maybe, batch) where class is not null;
-- What retention does not find by its number.
create index outcome_late on outcome (coalesce(discarded_at, finished_at)) where late = 1 and erased_at is null;
create index outcome_late_erased on outcome (coalesce(discarded_at, finished_at)) where late = 1 and erased_at is not null;

-- The attempts before the last one.
create table attempt (
  seq            bigint not null,             -- the message's
  number         integer not null,
  started_at     bigint not null,
  ended_at       bigint not null,
  disposition    text not null,
  http_status    integer,
  answer_code    text,
  answer_message text,
  request        text,
  answer         text,
  primary key (seq, number)
);

-- Messages that were sent instead of others which failed.
create table fallback (
  seq      bigint primary key,                    -- the message's
  original bigint not null unique                 -- that of the one which failed
);

-- What has to go out, committed with what caused it.
create table outbox (
  seq      bigint primary key,
  topic    text not null,
  subject  text not null,                     -- a message's or batch's id
  body     text not null,
  headers  text not null,
  due      bigint not null,
  attempts integer not null,
  aside    smallint not null,                 -- 1: given up, shown to people
  error    text
);
create index outbox_due on outbox (topic, due, seq) where aside = 0;
create index outbox_subject on outbox (subject);

create table batch (
  seq         bigint primary key,
  id          text not null unique,
  name        text not null,
  path        text not null,
  folder      text not null,                  -- the name of the folder of dropped files that it came by
  profile     text not null,
  sender      text,
  header      text,                           -- first line of its file, for the file of rejected lines
  state       text not null,
  paused      smallint not null default 0,
  records     bigint not null default 0,      -- the checkpoint: how many records have been read
  accepted    bigint not null default 0,      -- the counts are kept, not counted
  duplicate   bigint not null default 0,
  invalid     bigint not null default 0,
  unfinished  bigint not null default 0,      -- accepted by it and not finished
  delivered   bigint not null default 0,
  dead        bigint not null default 0,
  uncertain   bigint not null default 0,
  discarded   bigint not null default 0,
  forgotten   integer not null default 0,     -- of its rejected and repeated records: 1 what they held, 2 all
  reason      text,
  started_at  bigint not null,
  finished_at bigint
);
create index batch_name on batch (name, seq);
create index batch_path on batch (path);
create index batch_paused on batch (id) where paused = 1;
create index batch_cancelled on batch (id) where state = 'cancelled' and unfinished > 0;
create index batch_forgotten on batch (forgotten, coalesce(finished_at, started_at))
  where forgotten < 2 and state in ('finished', 'stopped', 'cancelled');

-- The records of a batch that are no message of its own.
create table batch_row (
  batch  text not null,
  line   bigint not null,
  state  text not null,                       -- invalid, duplicate
  id     text,
  reason text,
  raw    text,
  primary key (batch, line)
);

create table lane (
  name     text not null primary key,
  epoch    bigint not null default 0,         -- raised by each owner
  paused   text,                              -- why it is paused; null: it is not
  paused_by text,                             -- who paused it, where that is known
  owner    text collate "C",                  -- the instance that serves it; null, or one that has ended: none
  until    bigint,                            -- when a paused lane goes on by itself
  restored bigint                             -- what was accepted up to this number may have gone out since the backup
);

-- The instances that share the database. One that has ended leaves a row, which others take away.
create table instance (
  id      text collate "C" not null primary key,          -- new with each start
  version text not null,                      -- of the program
  process text not null,                      -- the machine and its number of the process
  serves  text not null default '',           -- the lanes that it could serve, with spaces between them
  since   bigint not null,
  seen    bigint not null,                    -- its last heartbeat, by the clock of the server
  drains  smallint not null default 0         -- 1: it gives its lanes away
) with (fillfactor = 50);

-- Circuits that a fault of the configuration has stopped.
create table stopped_circuit (
  lane     text not null,
  api      text not null,
  why      text not null,
  settings text not null,                     -- salt and hash of the settings with which it was stopped
  primary key (lane, api)
);

create table replay (
  seq             bigint primary key,
  id              text not null unique,
  action          text not null,              -- replay, discard, resolve, try, discard-waiting
  request         text not null,              -- what was asked for, as it was
  state           text not null,              -- running, finished, stopped, cancelled
  cutoff          bigint not null,            -- only what was dead before
  rate            double precision,           -- messages a second; null: as fast as it goes
  ramp            smallint not null,
  stage           integer not null default 0, -- of the ramp
  stop_at         double precision,           -- share of relapses that stops it
  maybe_sent      smallint not null,          -- 1: what may have been sent is replayed too
  total           bigint not null,
  replayed        bigint not null default 0,
  delivered       bigint not null default 0,
  relapsed        bigint not null default 0,
  discarded       bigint not null default 0,
  skipped_maybe   bigint not null default 0,
  skipped_changed bigint not null default 0,
  skipped_account bigint not null default 0,
  later_sent      bigint not null default 0,  -- of whose conversation later messages had gone out
  reason          text,                       -- the operator's
  why             text,                       -- why it was stopped
  started_at      bigint not null,
  finished_at     bigint
);
create index replay_running on replay (seq) where state = 'running';

-- What is left to replay; a row goes when its message is replayed or skipped.
create table replay_item (
  run bigint not null,
  seq bigint not null,
  primary key (run, seq)
);

-- How far retention has come through the history: all done messages up to a number have been dealt with.
create table retention (
  step text not null primary key,             -- bodies, messages
  seq  bigint not null
);

-- The keys that content is encrypted with; a row goes when nothing is left that its key encrypts.
create table sealing_key (
  id    text collate "C" not null primary key,            -- in the key file; empty: what is not encrypted
  proof text not null,                        -- the key of hashes, encrypted with this one
  uses  bigint not null                     -- how often a process began to encrypt with it
);

-- Who may do what. A key is never taken away, so that its name stays its own.
create table api_key (
  name       text not null primary key,
  roles      text not null,                   -- with spaces between them
  lanes      text not null,                   -- vendor/account or vendor, with spaces between them; empty: all
  id_prefix  text not null,                   -- what the ids of its messages begin with
  transcripts text not null,                  -- own: of conversations that it has sent to; lane: all of its lanes
  per_second integer,                         -- how many requests it may make
  salt       text not null,
  hash       text not null,                   -- SHA-256 of salt and secret, in hexadecimal digits
  created_at bigint not null,
  expires_at bigint,
  revoked_at bigint
);

-- Who did what. Rows are only added.
create table audit (
  seq       bigint primary key,
  at        bigint not null,
  who       text not null,                    -- a key's name
  address   text,                             -- where from
  operation text not null,                    -- by its id in routes/openapi.yaml
  subject   text not null,                    -- its path
  detail    text,                             -- what was asked, as JSON
  status    integer                           -- null: asked for; else the status that refused it at once
);
-- How each of them ended. None yet: it goes on, or the bus stopped meanwhile.
create table audit_result (
  seq    bigint primary key,
  status integer not null                     -- of the answer
);
create function audit_append_only() returns trigger language plpgsql as 'begin raise exception ''the audit is only added to''; end';
create trigger audit_append_only before update or delete or truncate on audit for each statement execute function audit_append_only();
create trigger audit_result_append_only before update or delete or truncate on audit_result for each statement execute function audit_append_only();
