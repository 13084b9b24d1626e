"""The safety screen's detector: converted from its package (`convert`), compared with it (`record.mjs`), measured."""
