"""What `safety` looks at: `screen` watches frames and words, `classifier` is the neural network that decides."""
