create index opportunities_open_idx on public.opportunities (expected_close_on) where archived_at is null;
