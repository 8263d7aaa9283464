"""What a teacher does with a lab: `new` begins one, `lint` reads it, `selftest` plays it, `watch`
shows a class at work."""
