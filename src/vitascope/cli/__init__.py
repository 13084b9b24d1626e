"""The command line: serve, worker, generate, models, price, keys, doctor. Only this room prints."""
