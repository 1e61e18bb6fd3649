"""How the review speaks on the timeline."""

from django.utils.translation import gettext_lazy as _

from iem_portal.registry import Phrase, phrases

phrases.register(Phrase("report.edited", _("Review report edited"), icon="file-text", status="todo"))
