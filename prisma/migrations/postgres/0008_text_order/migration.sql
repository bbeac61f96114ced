-- Text is ordered and compared by its bytes, as SQLite does, whatever the locale of the database: lists have one order
-- everywhere, and a new version of the system's locales cannot make an index wrong. Columns added later say so themselves.
DO $$
DECLARE
  part record;
BEGIN
  FOR part IN
    SELECT table_name, string_agg(format('ALTER COLUMN %I TYPE text COLLATE "C"', column_name), ', ') AS changes
    FROM information_schema.columns
    WHERE table_schema = current_schema() AND data_type = 'text' AND table_name <> '_prisma_migrations'
    GROUP BY table_name
  LOOP
    EXECUTE format('ALTER TABLE %I %s', part.table_name, part.changes);
  END LOOP;
END
$$;
