"""Who may listen to the live tiles of an engagement."""

from engagements import access
from engagements.models import Engagement
from iem_portal.registry import topics


@topics.register
class EngagementTopic:
    """The topic "engagement:<id>": members and managers, each side with its own drawing."""

    key = "engagement"

    def audience_for(self, user, engagement_id: int) -> str | None:
        """ "staff" or "customer" for somebody who may view the engagement, None for a stranger."""
        engagement = Engagement.objects.filter(pk=engagement_id).first()
        if engagement is None or access.role_of(user, engagement) is None:
            return None
        return access.audience(user)
