CREATE TABLE
  public.d (
    id INT
  )