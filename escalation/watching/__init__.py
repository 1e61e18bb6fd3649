"""Does anybody watch the watchman?"""
