-- Runs once, when PostgreSQL is set up: what ChirpStack's search needs.
create extension pg_trgm;
create extension hstore;
