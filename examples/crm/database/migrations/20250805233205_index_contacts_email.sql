create unique index contacts_email_idx on public.contacts (lower(email));
