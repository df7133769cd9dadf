create index deal_notes_deal_id_idx on public.deal_notes (deal_id);
