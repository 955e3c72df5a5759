"""The meeting itself: what was planned, what happened, what happens next. No input or output, no clock."""
