create function audit_append_only() returns trigger language plpgsql as 'begin raise exception ''the audit is only added to''; end';
create trigger audit_append_only before update or delete or truncate on audit for each statement execute function audit_append_only();
