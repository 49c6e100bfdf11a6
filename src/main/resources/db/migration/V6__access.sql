-- Who may do what. A key is never taken away, so that its name stays its own.
create table api_key (
  name       text    not null primary key,
  roles      text    not null,                -- with spaces between them
  lanes      text    not null,                -- vendor/account or vendor, with spaces between them; empty: all
  id_prefix  text    not null,                -- what the ids of its messages begin with
  per_second integer,                         -- how many requests it may make
  salt       text    not null,
  hash       text    not null,                -- SHA-256 of salt and secret, in hexadecimal digits
  created_at bigint  not null,
  expires_at bigint,
  revoked_at bigint
);

-- Who did what. Rows are only added.
create table audit (
  seq       bigint  not null primary key,
  at        bigint  not null,
  who       text    not null,                 -- a key's name
  address   text,                             -- where from
  operation text    not null,                 -- by its id in routes/openapi.yaml
  subject   text    not null,                 -- its path
  detail    text,                             -- what was asked, as JSON
  status    integer                           -- null: asked for; else why that was refused
);

alter table message add column sender text;   -- the key that handed it in
create index message_sender on message (sender, seq) where sender is not null;
alter table batch add column sender text;
