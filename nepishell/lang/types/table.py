"""Every argument type by the name that patterns use; one line per type."""

from collections.abc import Mapping

from nepishell.lang.types.attributes import (
    AssignmentType,
    AttrType,
    FieldType,
    RtypeType,
    TraceType,
    ValueType,
)
from nepishell.lang.types.base import TypeFactory
from nepishell.lang.types.names import HostType, KnownType, NewLabelType, NumberedType
from nepishell.lang.types.plain import (
    ActionType,
    ChoiceType,
    IntType,
    NumberType,
    PathType,
    StateType,
    TextType,
)
from nepishell.lang.types.quantities import (
    BoundType,
    DurationType,
    InstantType,
    PercentType,
    RateType,
    SizeType,
)
from nepishell.lang.types.resources import GuidsType, GuidType, LabelType, MetricType
from nepishell.lang.types.stages import ColumnsType, ColumnType, ConditionType, SortKeyType
from nepishell.lang.types.verbs import NestedCommand, RestType, VerbType

TYPES: Mapping[str, TypeFactory] = {
    "action": ActionType,
    "argv": RestType,
    "assignment": AssignmentType,
    "attr": AttrType,
    "bound": BoundType,
    "choice": ChoiceType,
    "column": ColumnType,
    "columns": ColumnsType,
    "command": NestedCommand,
    "condition": ConditionType,
    "duration": DurationType,
    "field": FieldType,
    "group": lambda deps: NumberedType(("group",)),
    "guid": GuidType,
    "guids": GuidsType,
    "host": HostType,
    "instant": InstantType,
    "int": IntType,
    "known": KnownType,
    "label": LabelType,
    "metric": MetricType,
    "name": NewLabelType,
    "number": NumberType,
    "param": lambda deps: KnownType(("param",)),
    "path": PathType,
    "percent": PercentType,
    "rate": RateType,
    "rtype": RtypeType,
    "size": SizeType,
    "sortkey": SortKeyType,
    "state": StateType,
    "task": lambda deps: NumberedType(("task",)),
    "text": TextType,
    "trace": TraceType,
    "value": ValueType,
    "verb": VerbType,
}
