"""Every error code: `codes` is the table, `examples` shows each, `page` writes docs/errors.md."""
