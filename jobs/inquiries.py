"""The clock's side of questions about projects: hands them on, reminds, tells who waits."""

from datetime import datetime

from domain.inquiries.service import InquiryService


async def run(service: InquiryService, now: datetime) -> bool:
    """Do what is due about the questions that wait; tell whether there was any."""
    return await service.tend(now)
