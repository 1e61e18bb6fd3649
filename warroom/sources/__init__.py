"""What the war room reads from AWS: one module for each source, found by its key.

A source is a class with `key`, `label`, `interval_s`, `iam_actions`, `tiles` (what it changes) and

- `targets(scope)`: the (account, Region) pairs it reads for one engagement;
- `next_at(row, scope, now)`: when it is asked again if all goes well;
- `prepare(row, scope, now)`: what to ask, from the database, before the network is touched;
- `read(aws_target, question)`: the network, without the database;
- `parse(answer, question, now)`: pure, from AWS's answer to plain findings;
- `store(row, scope, findings, now)`: the database, in the caller's transaction; returns the changed tiles.
"""
