"""The embedded lab as resources: nodes, links, switches and interfaces in network namespaces.

`network.Network` is what they share in a run: the lab, the plan of addresses, who is plugged in
where. Whoever comes second plugs in, so that parts come and go while the rest runs.
"""
