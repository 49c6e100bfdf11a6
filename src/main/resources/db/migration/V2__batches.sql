-- A batch's counts are kept, not counted; it can be paused and cancelled.
alter table batch add column profile text not null default '';
alter table batch add column folder text not null default '';  -- the name of the folder of dropped files that it came by
alter table batch add column header text;                        -- first line of its file, for the file of rejected lines
alter table batch add column paused integer not null default 0;
alter table batch add column delivered bigint not null default 0;
alter table batch add column dead bigint not null default 0;
alter table batch add column uncertain bigint not null default 0;
alter table batch add column discarded bigint not null default 0;
create index batch_held on batch (id) where paused = 1;
create index batch_cancelled on batch (id) where state = 'cancelled' and unfinished > 0;

-- place 5: a head whose batch is paused
drop index message_unplaced;
create index message_unplaced on message (lane, place, due) where place in (0, 3, 5);
create index message_waiting on message (batch) where state = 'waiting' and batch is not null;
