"""Who may sign in: customers (the tenants), their people, AWS's people, and invitations."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from iem_portal import zones
from iem_portal.accounts.names import initials


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless ``value`` is an IANA time zone name such as Asia/Seoul."""
    if value not in zones.names():
        raise ValidationError(_("Not a time zone: %(value)s"), params={"value": value})


class Customer(models.Model):
    """A customer organisation: the tenant. Nothing of one is ever shown to another."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    # Holidays decide which due dates move to a working day.
    country = models.CharField(_("country"), max_length=2, default="KR", help_text=_("ISO 3166 code"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager):
    """Makes users, whose only login name is their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A saved user; without a password they sign in by a code sent to their e-mail."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        """An administrator, made by ``manage.py createsuperuser``."""
        fields |= {"is_staff": True, "is_superuser": True, "portal_role": User.PortalRole.ADMINISTRATOR}
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        """The user of this e-mail address, whatever its letter case."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address; ``customer`` empty means AWS's side."""

    class PortalRole(models.TextChoices):
        """What a person may do outside single engagements."""

        NONE = "", _("None")
        TAM = "tam", _("Technical account manager")
        MANAGER = "manager", _("Manager")
        ADMINISTRATOR = "administrator", _("Administrator")

    class Language(models.TextChoices):
        """The languages of the portal, each named in itself."""

        ENGLISH = "en", "English"
        KOREAN = "ko", "한국어"

    class Theme(models.TextChoices):
        """How bright the pages are."""

        AUTO = "auto", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, blank=True, related_name="users", verbose_name=_("customer")
    )
    portal_role = models.CharField(
        _("portal role"), max_length=20, choices=PortalRole, default=PortalRole.NONE, blank=True
    )
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Seoul", validators=[validate_time_zone]
    )
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    # WCAG 2.1.4: single-letter keys can be turned off.
    has_single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may use the administration site"), default=False)
    is_demo = models.BooleanField(_("demo person"), default=False, editable=False)
    joined_at = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_in_any_case"),
            models.CheckConstraint(
                condition=models.Q(customer__isnull=True) | models.Q(portal_role=""),
                name="user_portal_role_is_for_aws",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_aws(self) -> bool:
        """Whether this person is on AWS's side (TAM, SA, support, management)."""
        return self.customer_id is None

    @property
    def initials(self) -> str:
        """Two letters for the round mark beside a name."""
        return initials(self.name or self.email)


class Invitation(models.Model):
    """A letter to someone without an account; only the digest of its secret is kept."""

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="+")
    language = models.CharField(max_length=2, choices=User.Language, default=User.Language.ENGLISH)
    token_digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="invitation_accepted_or_revoked",
            )
        ]

    def __str__(self) -> str:
        return self.email


class Contact(models.Model):
    """One more way to reach a person, besides the e-mail address that everybody has."""

    class Kind(models.TextChoices):
        """What stands behind the address; also the key of the channel that speaks to it."""

        SMS = "sms", _("Text message")
        SLACK = "slack", "Slack"
        TEAMS = "teams", "Microsoft Teams"
        BROWSER = "browser", _("Browser")

    user = models.ForeignKey(User, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=10, choices=Kind)
    label = models.CharField(max_length=80, blank=True)
    # A phone number (E.164), an incoming webhook, or the address of a browser's push service.
    address = models.TextField()
    # Of a browser: its public key and its secret (p256dh, auth), both base64url.
    keys = models.JSONField(default=dict, blank=True)
    # The order in which a person wants to be reached: low numbers first.
    position = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    # A phone number counts once its code was typed in; the rest is proved by being reached.
    proved_at = models.DateTimeField(null=True, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    # Why it is off, when the receiver said that it is gone.
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.user_id}"
