"""Does the API keep the promises of docs/api.md?"""
