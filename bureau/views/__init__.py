"""The bureau's pages: the door, my desk, who belongs to whom, messages, documents."""
