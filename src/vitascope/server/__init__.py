"""The web process: reads requests, answers from the ledger, serves files. It never draws and never runs a take."""
