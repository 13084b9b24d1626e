"""The parts of the film set's sound: signals, single noises, instruments, beds, rooms, loudness."""
