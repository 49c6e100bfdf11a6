-- The source of truth, and the work queue. Times are milliseconds since 1970.
create table message (
  seq          bigint  not null primary key,  -- the order of acceptance
  id           text    not null unique,
  lane         text    not null,              -- vendor/account
  api          text    not null,
  operation    text    not null,
  conversation text,
  body         text,                          -- the message; null once erased
  hash         text    not null,
  intake       text    not null,
  batch        text,
  line         bigint,
  reply_to     text,
  correlation  text,
  trace        text,
  state        text    not null,
  place        integer,                       -- in the queue: 0 new, 1 head, 2 behind, 3 not before, 4 sending; null: out of it
  band         integer not null,              -- 0 single, 1 of a batch
  position     bigint  not null,              -- the order within a conversation
  due          bigint  not null,
  expires      bigint  not null,
  attempts     integer not null,
  tries        integer not null,              -- the attempts that count on the retry schedule
  ambiguous    integer not null,              -- 1: an earlier attempt may have been done
  epoch        bigint  not null,
  class        text,
  code         text,
  failure      text,
  result       text,
  accepted_at  bigint  not null,
  finished_at  bigint,
  replaces     text,
  replaced_by  text
);
create index message_claim on message (lane, api, band, due, position) where place = 1;
create index message_unplaced on message (lane, place, due) where place in (0, 3);
create index message_conversation on message (lane, api, conversation, place, position) where place is not null;
create index message_expires on message (lane, expires) where place is not null;
create index message_state on message (state, seq);
create index message_batch on message (batch, line) where batch is not null;
create index message_conversation_all on message (conversation, seq) where conversation is not null;

create table attempt (
  seq         bigint  not null,               -- the message's
  number      integer not null,
  started_at  bigint  not null,
  ended_at    bigint  not null,
  disposition text    not null,
  http_status integer,
  code        text,
  message     text,
  request     text,
  answer      text,
  primary key (seq, number)
);

-- What has to go out, committed with what caused it.
create table outbox (
  seq      bigint  not null primary key,
  topic    text    not null,
  subject  text    not null,                  -- a message's or batch's id
  body     text    not null,
  headers  text    not null,
  due      bigint  not null,
  attempts integer not null,
  aside    integer not null,                  -- 1: given up, shown to people
  error    text
);
create index outbox_due on outbox (topic, due, seq) where aside = 0;

create table batch (
  seq         bigint  not null primary key,
  id          text    not null unique,
  name        text    not null,
  path        text    not null,
  state       text    not null,
  records     bigint  not null,               -- the checkpoint: how many records have been read
  accepted    bigint  not null,
  duplicate   bigint  not null,
  invalid     bigint  not null,
  unfinished  bigint  not null,               -- accepted by it and not finished
  reason      text,
  started_at  bigint  not null,
  finished_at bigint
);
create index batch_name on batch (name, seq);
create index batch_path on batch (path);

-- The records of a batch that are no message of its own.
create table batch_row (
  batch  text   not null,
  line   bigint not null,
  state  text   not null,                     -- invalid, duplicate
  id     text,
  reason text,
  raw    text,
  primary key (batch, line)
);

create table lane (
  name   text    not null primary key,
  epoch  bigint  not null default 0,          -- raised by each owner, for the time when there can be several
  paused text                                 -- why it is paused; null: it is not
);

-- Circuits that a fault of the configuration has stopped.
create table stopped_circuit (
  lane     text not null,
  api      text not null,
  why      text not null,
  settings text not null,                     -- salt and hash of the settings with which it was stopped
  primary key (lane, api)
);
