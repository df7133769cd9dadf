-- pgaudit: logs nothing; its settings are plain placeholders here.
select 1;
