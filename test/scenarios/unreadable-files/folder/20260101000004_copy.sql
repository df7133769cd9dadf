copy public.a from stdin;
1
\.
