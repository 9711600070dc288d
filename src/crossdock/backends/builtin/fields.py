"""The fields that the built-in warehouse takes of orders and of lines; its order sheets show them."""

from typing import Final

from crossdock.model.request_field import FieldKind, FieldSpec

FIELDS: Final = (
    FieldSpec("note", "Note to the warehouse", longest=1000),
    FieldSpec("delivery_instruction", "Instruction to the carrier", longest=250),
    FieldSpec("priority", "Priority, the higher the sooner", FieldKind.NUMBER),
    FieldSpec("ship_on", "Not to leave before", FieldKind.DAY),
    FieldSpec("order_type", "Order type", longest=30),
    FieldSpec("customer_number", "Customer number", longest=30),
    FieldSpec("salesperson", "Salesperson", longest=60),
    FieldSpec("division", "Division", longest=30),
    FieldSpec("payment_terms", "Payment terms", longest=30),
    FieldSpec("insured_value", "Value to insure", FieldKind.AMOUNT),
    FieldSpec("hold_code", "Hold code", longest=10),
    FieldSpec("print_slip", "Print a packing slip", FieldKind.FLAG),
    FieldSpec("personalization", "What to put on it", longest=250, of_line=True),
    FieldSpec("line_note", "Note to the picker", longest=250, of_line=True),
)
