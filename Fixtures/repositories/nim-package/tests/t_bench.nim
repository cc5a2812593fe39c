discard
