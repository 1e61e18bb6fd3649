"""How an account gets ready to be read: the External ID is issued, the role is kept, and who sees its metrics."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engagements import timeline
from engagements.models import AwsAccount, Engagement
from warroom.models import AccountSetup, IssuedExternalId

ROLE = re.compile(r"arn:aws(?:-cn|-us-gov)?:iam::(\d{12}):role/[\w+=,.@/-]{1,120}")


class SetupError(Exception):
    """What cannot be kept; `field` names the input it belongs beside."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class SetupConflict(Exception):
    """Somebody else changed the account meanwhile."""


@dataclass(frozen=True)
class Wanted:
    """How an account is to be read."""

    role_arn: str = ""
    monitored_by: str = ""
    health_view: str = AccountSetup.HealthView.ACCOUNT


def setup_of(account: AwsAccount) -> AccountSetup | None:
    """What was set for this account, None while nothing was. One query."""
    return AccountSetup.objects.filter(
        engagement=account.engagement_id, account_id=account.account_id
    ).first()


def issued(account: AwsAccount) -> IssuedExternalId | None:
    """The External ID that the portal gave to this customer's account. One query."""
    return IssuedExternalId.objects.filter(
        customer=account.engagement.customer_id, account_id=account.account_id
    ).first()


def issue(*, account: AwsAccount, by, now: datetime) -> IssuedExternalId:
    """The account's External ID, made when there is none: one for this customer's account, and for no other ever."""
    found = issued(account)
    with transaction.atomic():
        if found is None:
            try:
                with transaction.atomic():
                    found = IssuedExternalId.objects.create(
                        customer=account.engagement.customer,
                        account_id=account.account_id,
                        issued_at=now,
                        issued_by_name=by.name,
                    )
            except IntegrityError:  # somebody was faster: theirs counts
                found = issued(account)
            else:
                _say(account, "account.external_id", by=by, now=now)
        if account.external_id != found.value:
            account.external_id = found.value
            account.save(update_fields=["external_id"])
    return found


def save(*, account: AwsAccount, wanted: Wanted, version: int, by, now: datetime) -> AccountSetup:
    """Keep how the account is read. Raises SetupError, or SetupConflict when `version` is not the newest (0: none)."""
    _check(account, wanted)
    with transaction.atomic():
        setup = _written(account, wanted, version, by, now)
        if account.role_arn != wanted.role_arn:
            had_role = bool(account.role_arn)
            account.role_arn = wanted.role_arn
            account.save(update_fields=["role_arn"])
            phrase = "account.role" if wanted.role_arn else "account.role_removed"
            _say(account, phrase if wanted.role_arn or had_role else "", by=by, now=now)
        if wanted.role_arn:
            issue(account=account, by=by, now=now)
    return setup


def _written(account: AwsAccount, wanted: Wanted, version: int, by, now: datetime) -> AccountSetup:
    fields = {
        "monitored_by": wanted.monitored_by,
        "health_view": wanted.health_view,
        "changed_at": now,
        "changed_by_name": by.name,
    }
    place = {"engagement": account.engagement, "account_id": account.account_id}
    if version == 0:
        try:
            with transaction.atomic():
                return AccountSetup.objects.create(**place, **fields)
        except IntegrityError:
            raise SetupConflict from None
    mine = AccountSetup.objects.filter(**place, version=version)
    if not mine.update(**fields, version=version + 1):
        raise SetupConflict
    return AccountSetup.objects.get(**place)


def _check(account: AwsAccount, wanted: Wanted) -> None:
    if wanted.role_arn:
        match = ROLE.fullmatch(wanted.role_arn)
        if match is None:
            raise SetupError("role_arn", _("A role looks like arn:aws:iam::123456789012:role/Name."))
        if match[1] != account.account_id:
            raise SetupError("role_arn", _("This role is not one of the account."))
    others = accounts_of(account.engagement) - {account.account_id}
    if wanted.monitored_by and wanted.monitored_by not in others:
        raise SetupError("monitored_by", _("Choose another account of this engagement."))
    if wanted.health_view not in AccountSetup.HealthView.values:
        raise SetupError("health_view", _("Choose whose AWS Health is read."))


def accounts_of(engagement: Engagement) -> set[str]:
    """The numbers of the accounts in scope. One query."""
    return set(engagement.aws_accounts.values_list("account_id", flat=True))


def _say(account: AwsAccount, phrase: str, *, by, now: datetime) -> None:
    if phrase:
        timeline.record(account.engagement, phrase, by=by, now=now, params={"account": account.account_id})
