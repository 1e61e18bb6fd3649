"""The pages of one runbook: plan and approval, sheet, chart, nodes, log, gates, turning back, files."""
