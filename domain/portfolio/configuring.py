"""`pmobot apply FILE`: brings the workspace to what the file says, or tells why not."""

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.portfolio.configuration import WorkspaceConfiguration
from models.portfolio import configuration_of


async def load_configuration(session: AsyncSession, workspace_id: int) -> WorkspaceConfiguration:
    """What was last applied; the defaults if nothing was."""
    stored = await configuration_of(session, workspace_id)
    return WorkspaceConfiguration.model_validate(stored.document if stored else {})
