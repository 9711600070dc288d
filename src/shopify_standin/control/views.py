"""What the views show of a shop."""

import json

from shopify_standin.errors import JsonObject
from shopify_standin.standin import Standin


def counters(standin: Standin) -> JsonObject:
    """Calls, points and throttles per operation."""
    return standin.world.counters.as_json()


def webhooks(standin: Standin) -> JsonObject:
    """Deliveries and their fate, oldest first."""
    return {
        "webhooks": [
            {
                "id": d.id,
                "event_id": d.event_id,
                "topic": d.topic,
                "uri": d.uri,
                "fate": d.fate,
                "attempts": d.attempts,
                "last_status": d.last_status,
                "triggered_at": d.triggered_at.isoformat(),
                "body": json.loads(d.body),
            }
            for d in standin.world.deliveries
        ]
    }


def clock(standin: Standin) -> JsonObject:
    """The shop's time, and when the next thing in the background is due."""
    world = standin.world
    due = world.agenda.next_due()
    return {
        "now": world.now().isoformat(),
        "frozen": world.clock.frozen_at is not None,
        "next_due": due and due.isoformat(),
        "waiting": len(world.agenda.waiting),
    }
