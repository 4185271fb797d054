-- What the paper's role has in PostgreSQL beyond itself, said by a superuser: psql --set role=paper.
-- PostgreSQL writes a statement that failed into its log, with the values in it: words that were
-- searched for, names, texts sent in. It is to tell that something failed, and not of whom.
ALTER ROLE :"role" SET log_min_error_statement = panic;
-- Nor in the lines below an error: "Key (email)=(…) already exists", "Failing row contains (…)".
ALTER ROLE :"role" SET log_error_verbosity = terse;
