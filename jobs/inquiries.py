"""The clock's side of questions about projects: hands them on, reminds, tells who waits."""

from datetime import datetime

from domain.inquiries.office_service import OfficeInquiryService
from domain.inquiries.service import InquiryService


async def run(service: InquiryService, now: datetime) -> bool:
    """Do what is due about the questions that wait; tell whether there was any."""
    return await service.tend(now)


async def forget(service: OfficeInquiryService, now: datetime) -> bool:
    """Drop the words of old questions that are about no project; one transaction for all."""
    await service.forget(now)
    return False
