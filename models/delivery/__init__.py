"""The room `delivery` as it is stored; `rows` and `queue` hold its queries."""

from models.delivery.tables import LIVE, OVER, UNSAID, Delivery, Gate

__all__ = ["LIVE", "OVER", "UNSAID", "Delivery", "Gate"]
