"""Benchmarks: each module measures one thing beside its baseline in the same run (script/bench <name>)."""
