-- a new comment
create table /* inside */ public.b (id int) -- behind
;
-- the end
