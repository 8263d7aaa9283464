"""The embedded lab: hosts are network namespaces, links are veth pairs, switches are bridges."""
