"""Were the promises kept, by severity, lane, customer, TAM and month?"""
