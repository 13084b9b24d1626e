"""A coarse look at what goes in and comes out: `screen` watches frames and words, `skin` is the detector behind it."""
