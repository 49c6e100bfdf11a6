-- What messages hold is erased, by its age or on request, and later the rest of them; a store comes from a backup.
-- (state || '' keeps SQLite from taking the index of lists, which has not their order.)
alter table message add column erased_at bigint;                  -- what it held is no more; its name and outcome are
alter table message add column erase integer not null default 0;  -- 1: to be discarded and erased, or erased once its attempt has ended
create index message_body on message (coalesce(discarded_at, finished_at))
  where erased_at is null and state || '' in ('delivered', 'discarded', 'replaced');
create index message_row on message (coalesce(discarded_at, finished_at))
  where erased_at is not null and state || '' in ('delivered', 'discarded', 'replaced');
create index message_erase on message (lane, erase) where erase = 1 and place is not null;
create index outbox_subject on outbox (subject);

alter table batch add column forgotten integer not null default 0; -- of its rejected and repeated records: 1 what they held, 2 all
create index batch_forgotten on batch (forgotten, coalesce(finished_at, started_at))
  where forgotten < 2 and state in ('finished', 'stopped', 'cancelled');

alter table lane add column restored bigint;                      -- what was accepted up to this number may have gone out since the backup
