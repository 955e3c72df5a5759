"""The facilitator's terminal: keys, screen and lines."""
