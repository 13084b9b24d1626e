"""Getting a finished take to its owner: stored file, signed URL, upload, webhook, and when to try again."""
