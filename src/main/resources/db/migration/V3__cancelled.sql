-- What a cancelled batch has left is found without a look at what of it is done.
create index message_left on message (batch, lane) where place is not null and batch is not null;
