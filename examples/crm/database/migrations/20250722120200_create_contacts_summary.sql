create view public.contacts_summary with (security_invoker = on) as
select c.id, c.first_name, c.last_name, count(t.id) filter (where t.done_at is null) as open_tasks
from public.contacts c
left join public.tasks t on t.contact_id = c.id
group by c.id;
