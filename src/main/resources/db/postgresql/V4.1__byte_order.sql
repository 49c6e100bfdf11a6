-- Searches by the beginning of a text need the order of bytes, whatever the language of the database is.
alter table message
  alter column id type text collate "C",
  alter column lane type text collate "C",
  alter column conversation type text collate "C",
  alter column customer type text collate "C",
  alter column state type text collate "C",
  alter column class type text collate "C",
  alter column code type text collate "C";
alter table label
  alter column value type text collate "C",
  alter column name type text collate "C";
