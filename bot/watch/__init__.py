"""The watch: people hear of it when a post failed, is unknown, was missed, or is about to be."""
