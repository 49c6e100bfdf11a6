-- A message may be for the conversation that another one begins. Until that one has ended its place is 6.
alter table message add column conversation_of text;
create index message_awaits on message (conversation_of) where conversation_of is not null;
