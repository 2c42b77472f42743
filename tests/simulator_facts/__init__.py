"""Facts of the public API description, and the tables that compare the simulator with it."""
