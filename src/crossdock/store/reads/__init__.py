"""What pages show, read over several tables at once. Reads only; each table's own module writes it."""
