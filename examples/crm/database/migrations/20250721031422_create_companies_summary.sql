create view public.companies_summary with (security_invoker = on) as
select c.id, c.name, count(d.id) as deals, coalesce(sum(d.amount), 0) as amount
from public.companies c
left join public.deals d on d.company_id = c.id
group by c.id;
