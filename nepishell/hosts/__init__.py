"""How to run a command somewhere: local, netns, ssh, fake; knows nothing of experiments."""
