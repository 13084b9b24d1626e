"""The command line: a module for each command (`main` lists them). Only this package prints."""
