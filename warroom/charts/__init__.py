"""One metric opened: its points over a span as a chart, a table and a file."""
