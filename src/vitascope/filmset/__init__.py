"""The procedural film set: draws a Scene and makes its sound, with exact ground truth. No neural network."""
