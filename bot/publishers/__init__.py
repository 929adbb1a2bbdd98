"""Publishers: each asks one network to show a part."""
