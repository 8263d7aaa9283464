"""From a line to a typed call: one grammar, declared once, read by parser, completer and help.

`registry` (declare) -> `grammar` (compile) -> `walk` (one per keystroke) -> `Call`.
Knows no experiment: what the argument types must see of one is the `View` protocol.
"""
