-- A start asks for the greatest position in the queue. It is above the message's number only where a message was sent again, or
-- joined its conversation later.
create index message_moved on message (position) where position > seq and place is not null;
