"""The results of a readiness check and the reasons of freezes, with shape and words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

RESULTS = {
    "go": ("ok", _("Go")),
    "conditions": ("watch", _("Go with conditions")),
    "no_go": ("bad", _("No-go")),
}
SIDES = {"customer": pgettext_lazy("side", "Customer"), "aws": pgettext_lazy("side", "AWS")}
KINDS = {
    "gate": _("At the gate"),
    "hand": pgettext_lazy("of a freeze", "By hand"),
    "signing": _("Evidence of the readiness check"),
}
