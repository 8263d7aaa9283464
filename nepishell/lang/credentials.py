"""Attributes whose values are secret, and what is shown in their place."""

from collections.abc import Mapping

from nepishell.core.attributes import Attribute, Flags
from nepishell.lang.errors import Bad
from nepishell.lang.types.base import ArgType, Env
from nepishell.lang.view import View

#: What stands for a secret where people read.
MASK = "****"


def is_secret(known: Mapping[str, Attribute], name: object) -> bool:
    """Whether a value for *name* is secret; a name that is none is believed to be meant for one."""
    attribute = known.get(str(name))
    if attribute is not None:
        return attribute.has_flag(Flags.Credential)
    return any(each.has_flag(Flags.Credential) for each in known.values())


def refuse_mask(attribute: Attribute, text: str) -> None:
    """Raise Bad where what stands for a secret would be taken for one."""
    if text == MASK and attribute.has_flag(Flags.Credential):
        raise Bad(f"'{MASK}' stands for a secret that was not kept; write it anew")


def hidden(kind: ArgType, view: View, env: Env, text: str) -> str:
    """A word of *kind* with what is secret in it masked."""
    at = kind.secret_from(view, env, text)
    return text if at is None else f"{text[:at]}{MASK}"
