"""The database: `tables` declares ours, `connect` opens it and brings it up to date, `dialect` says what differs."""
