create index contacts_company_id_idx on public.contacts (company_id);
