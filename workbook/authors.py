"""Under whose name an answer is kept: people's own, but nobody's in the survey."""

from __future__ import annotations

from iem_portal.accounts.actors import RESPONDENT

#: The section that offers to answer without a name. Source: planning workbook, section WB25, "anonymous option".
SURVEY = "wb25"


def of(section: str, by):
    """The author to keep for what somebody writes in a section.

    In the survey the customer's side is kept as a respondent without name or number, so that no history, freeze or
    database knows more; who wants to be named writes their name in the row. AWS's people always answer by name:
    nobody changes what customers said of them without a trace.
    """
    return by if section != SURVEY or by.is_aws else RESPONDENT
