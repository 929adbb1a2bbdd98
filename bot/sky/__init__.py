"""The sky: Mars time, and what can be seen from Earth and when."""
