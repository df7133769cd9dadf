create type public.deal_stage as enum ('lead', 'qualified', 'offer', 'won', 'lost');
