"""Names that AWS gives: accounts, Regions, services, quotas, ARNs, cases, metrics' dimensions and statistics."""

import re
from ipaddress import ip_network

from django.utils.translation import gettext as _

from workbook.fieldtypes.text import within
from workbook.types import FieldType, InvalidValue, field_types, plain

MAX_DIMENSIONS = 30  # Source: CloudWatch, Metric.Dimensions
MAX_ITEMS = 50


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
    """An Amazon Resource Name, or a DNS name where the field allows one."""

    key = "arn"
    pattern = re.compile(r"arn:aws[a-z-]*:[^:\s]+:[^:\s]*:(\d{12}|aws)?:\S{1,1600}")
    name = re.compile(r"(?=.{4,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)+[A-Za-z]{2,63}")
    example = "arn:aws:rds:ap-northeast-2:111122223333:db:enrol-db"

    def clean(self, text, field, setting):
        """The ARN, or the DNS name in small letters."""
        if field.options.get("allow_name") and self.name.fullmatch(plain(text)):
            return plain(text).lower()
        return super().clean(text, field, setting)


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
class MetricRef(FieldType):
    """What proves it: a CloudWatch metric or expression, "AWS/RDS CPUUtilization", or where else the number stands."""

    key = "metric_ref"

    def clean(self, text, field, setting):
        """The metric as typed."""
        return within(text, 500)


class NamedList(Named):
    """Several names, each of which must look like ``pattern``, in the order typed."""

    is_list = True

    def clean(self, text, field, setting):
        """The names, each once; commas alone are no answer."""
        one = super().clean
        names = [one(part, field, setting) for part in re.split(r"[,;\s]+", text) if part]
        if len(names) > MAX_ITEMS:
            raise InvalidValue(_("At most %(limit)s.") % {"limit": MAX_ITEMS})
        return list(dict.fromkeys(names)) or None

    def show(self, value, field, setting):
        """The names, separated by commas."""
        return ", ".join(value)

    def edit(self, value, field, setting):
        """As it is shown."""
        return ", ".join(value)


@field_types.register
class ServiceCodes(NamedList):
    """Several service codes."""

    key = "aws_services"
    pattern = ServiceCode.pattern
    example = "ec2, rds, elasticloadbalancing"


@field_types.register
class ZoneIds(NamedList):
    """Availability Zones by ID (the same place in every account) or by name."""

    key = "aws_zones"
    pattern = re.compile(r"[a-z]{2,6}[0-9]-az[0-9]{1,2}|[a-z]{2,4}(-[a-z]+){1,3}-[0-9][a-z]")
    example = "apne2-az1, apne2-az3"


@field_types.register
class Cidrs(NamedList):
    """Several addresses or ranges of addresses."""

    key = "cidrs"
    pattern = re.compile(r"[0-9a-fA-F:.]{2,45}(/[0-9]{1,3})?")
    example = "203.0.113.0/24, 198.51.100.7"

    def clean(self, text, field, setting):
        """The ranges as typed, if they are real ones."""
        found = super().clean(text, field, setting)
        for item in found or ():
            try:
                ip_network(item, strict=False)
            except ValueError:
                raise InvalidValue(
                    _("This does not look right. Example: %(example)s") % {"example": self.example}
                ) from None
        return found


@field_types.register
class Pairs(FieldType):
    """Names with values, kept in the order typed: tags, shares of a whole, counts per zone."""

    key = "pairs"
    is_list = True
    limit = MAX_ITEMS

    def clean(self, text, field, setting):
        """Pairs out of ``name=value, name=value``."""
        pairs = [part.partition("=") for part in re.split(r"[,;\n]", text) if part.strip()]
        found = [[name.strip(), value.strip()] for name, _equals, value in pairs]
        if not all(name and value for name, value in found):
            example = field.options.get("example", "env=prod, event=sale")
            raise InvalidValue(_("Write name=value, separated by commas: %(example)s") % {"example": example})
        self._check_repeats(found)
        if len(found) > self.limit:
            raise InvalidValue(_("At most %(limit)s.") % {"limit": self.limit})
        # Commas alone say nothing, and nothing is no answer.
        return found or None

    def _check_repeats(self, found: list) -> None:
        if len({tuple(pair) for pair in found}) != len(found):
            raise InvalidValue(_("The same pair appears twice."))

    def show(self, value, field, setting):
        """As typed."""
        return ", ".join(f"{name}={item}" for name, item in value)

    def edit(self, value, field, setting):
        """As typed."""
        return self.show(value, field, setting)


@field_types.register
class Dimensions(Pairs):
    """The dimensions of a metric, each name once."""

    key = "dimensions"
    limit = MAX_DIMENSIONS

    def _check_repeats(self, found):
        if len({name for name, _value in found}) != len(found):
            raise InvalidValue(_("A dimension appears twice."))
