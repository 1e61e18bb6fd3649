"""Names that AWS gives: accounts, Regions, services, quotas, ARNs, cases, metrics' dimensions and statistics."""

import re

from django.utils.translation import gettext as _

from workbook.types import FieldType, InvalidValue, field_types, plain

MAX_DIMENSIONS = 30  # Source: CloudWatch, Metric.Dimensions


class Named(FieldType):
    """A text that must look like ``pattern``; ``example`` is shown when it does not."""

    pattern = re.compile(".*")
    example = ""

    def clean(self, text, field, setting):
        """The name, if it looks right."""
        name = plain(text)
        if not self.pattern.fullmatch(name):
            raise InvalidValue(
                _("This does not look right. Example: %(example)s") % {"example": self.example}
            )
        return name


@field_types.register
class Account(Named):
    """An AWS account by its 12 digits."""

    key = "aws_account"
    inputmode = "numeric"
    pattern = re.compile(r"\d{12}")
    example = "111122223333"

    def clean(self, text, field, setting):
        """The digits; hyphens between them may be typed."""
        return super().clean(text.replace("-", ""), field, setting)

    def suggestions(self, field, setting):
        """The accounts of the engagement."""
        return list(setting.accounts)


@field_types.register
class Region(Named):
    """A Region by its code, or "global" where the field allows it."""

    key = "aws_region"
    pattern = re.compile(r"[a-z]{2,4}(-[a-z]+){1,3}-\d")
    example = "ap-northeast-2"

    def clean(self, text, field, setting):
        """The code in small letters."""
        name = text.lower()
        if name in {"global", "글로벌"} and field.options.get("allow_global"):
            return "global"
        return super().clean(name, field, setting)

    def suggestions(self, field, setting):
        """The Regions of the engagement, us-east-1 for global services, and "global" where it fits."""
        names = [*setting.regions, "us-east-1", *(["global"] if field.options.get("allow_global") else [])]
        return [(name, "") for name in dict.fromkeys(names)]


@field_types.register
class ServiceCode(Named):
    """A service code as Service Quotas knows it."""

    key = "aws_service"
    pattern = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,62}")
    example = "ec2"


@field_types.register
class QuotaCode(Named):
    """A quota code."""

    key = "quota_code"
    pattern = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")
    example = "L-1216C47A"


@field_types.register
class Arn(Named):
    """An Amazon Resource Name."""

    key = "arn"
    pattern = re.compile(r"arn:aws[a-z-]*:[^:\s]+:[^:\s]*:(\d{12}|aws)?:\S{1,1600}")
    example = "arn:aws:rds:ap-northeast-2:111122223333:db:enrol-db"


@field_types.register
class CaseId(Named):
    """A support case, by its display ID or its long ID."""

    key = "case_id"
    pattern = re.compile(r"\d{8,20}|case-\d{12}-\S{1,60}")
    example = "17341234567"


@field_types.register
class AlarmRef(Named):
    """A CloudWatch alarm, by name (1 to 255 characters) or ARN."""

    key = "alarm_ref"
    pattern = re.compile(r"\S(.{0,253}\S)?|arn:aws.{1,1600}")
    example = "portal-response-p95"


@field_types.register
class Statistic(Named):
    """A statistic of CloudWatch: a plain one, a percentile or a trimmed mean."""

    key = "statistic"
    pattern = re.compile(r"Average|Sum|Minimum|Maximum|SampleCount|(p|tm)(100|\d{1,2}(\.\d{1,2})?)")
    example = "Average, Sum, Maximum, p95"

    def suggestions(self, field, setting):
        """The usual ones."""
        names = ("Average", "Sum", "Maximum", "Minimum", "SampleCount", "p50", "p90", "p95", "p99", "tm99")
        return [(name, "") for name in names]


@field_types.register
class Dimensions(FieldType):
    """The dimensions of a metric, kept as name and value pairs in the order typed."""

    key = "dimensions"

    def clean(self, text, field, setting):
        """Pairs out of ``Name=value, Name=value``."""
        pairs = [part.partition("=") for part in re.split(r"[,;\n]", text) if part.strip()]
        found = [[name.strip(), value.strip()] for name, _equals, value in pairs]
        if not all(name and value for name, value in found):
            raise InvalidValue(
                _("Write name=value, separated by commas: LoadBalancer=app/portal/50dc6c495c0c9188")
            )
        if len({name for name, _value in found}) != len(found):
            raise InvalidValue(_("A dimension appears twice."))
        if len(found) > MAX_DIMENSIONS:
            raise InvalidValue(_("At most %(limit)s dimensions.") % {"limit": MAX_DIMENSIONS})
        # Commas alone say nothing, and nothing is no answer.
        return found or None

    def show(self, value, field, setting):
        """As typed."""
        return ", ".join(f"{name}={item}" for name, item in value)

    def edit(self, value, field, setting):
        """As typed."""
        return self.show(value, field, setting)
