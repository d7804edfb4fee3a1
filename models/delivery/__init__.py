"""The room `delivery` as it is stored; `rows` and `queue` hold its queries."""

from models.delivery.tables import LIVE, Delivery, Gate

__all__ = ["LIVE", "Delivery", "Gate"]
