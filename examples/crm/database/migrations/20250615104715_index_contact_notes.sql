create index contact_notes_contact_id_idx on public.contact_notes (contact_id);
