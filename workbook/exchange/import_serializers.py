"""What the API of imports reads and answers."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from workbook.edits import KINDS
from workbook.exchange import review, views
from workbook.exchange import words as said
from workbook.models import Import

#: No number of ours is larger; a larger one is not asked of the database.
MAX_NUMBER = 2**31 - 1


class Number(serializers.IntegerField):
    """A number of ours."""

    def __init__(self, **options):
        super().__init__(min_value=0, max_value=MAX_NUMBER, **options)


class ListedImportSerializer(serializers.ModelSerializer):
    """An upload as the list names it: nothing here is read from what the file holds, which may be megabytes."""

    can_decide = serializers.SerializerMethodField(help_text="whether the caller may apply and close it")
    notices = serializers.SerializerMethodField(help_text="what is to be known of the file as a whole")

    class Meta:
        model = Import
        fields = (
            "id",
            "state",
            "kind",
            "file_name",
            "version",
            "by_name",
            "created_at",
            "ended_at",
            "ended_by_name",
            "untouched",
            "can_decide",
            "notices",
        )
        extra_kwargs = {
            "state": {"help_text": "mapping (say which column is which), review, done, dropped"},
            "untouched": {"help_text": "cells that stand as they were exported"},
        }

    def get_can_decide(self, found: Import) -> bool:
        """The owner and the TAM, while it is open."""
        return found.ended_at is None and views.may_decide(self.context["request"], found)

    def get_notices(self, found: Import) -> list[str]:
        """In the caller's language."""
        return [said.notice(code, values) for code, values in found.notices]


class ImportSerializer(ListedImportSerializer):
    """An upload with what is in it; ``open`` counts by section what waits for a decision, or was left at the close."""

    open = serializers.SerializerMethodField()

    class Meta(ListedImportSerializer.Meta):
        fields = (*ListedImportSerializer.Meta.fields, "open")

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_open(self, found: Import) -> dict[str, int]:
        """How many changes by section key."""
        return review.open_counts(found)


class ChangeSerializer(serializers.Serializer):
    """One cell of the file beside the workbook's; of a conflict, ``version`` is what a choice has to name."""

    number = serializers.IntegerField()
    field = serializers.CharField()
    label = serializers.CharField()
    at = serializers.CharField(help_text="where it stands in the file")
    kind = serializers.ChoiceField(KINDS)
    before = serializers.CharField()
    after = serializers.CharField()
    base = serializers.CharField(help_text="of a conflict: what it was when the file was exported")
    version = serializers.IntegerField()
    theirs_by = serializers.CharField()
    message = serializers.CharField()


class RowChangesSerializer(serializers.Serializer):
    """The changes of one row; ``row`` is empty for one that would be added."""

    row = serializers.CharField()
    title = serializers.CharField()
    is_new = serializers.BooleanField()
    changes = ChangeSerializer(many=True)


class MissingSerializer(serializers.Serializer):
    """A row that the file has no more; it stays unless it is named in ``deleted``."""

    row = serializers.IntegerField()
    title = serializers.CharField()


class TableChangesSerializer(serializers.Serializer):
    """The changes of one table."""

    table = serializers.CharField()
    sheet = serializers.CharField()
    rows = RowChangesSerializer(many=True)
    missing = MissingSerializer(many=True)


class SheetSerializer(serializers.Serializer):
    """What a sheet without our keys is taken for: "section/table", and the field of each column (or form's row)."""

    table = serializers.CharField(allow_blank=True, max_length=80)
    fields_ = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=40), default=dict
    )

    def get_fields(self):
        """The name "fields" is taken by DRF itself."""
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_")
        return fields


class ReviewedSerializer(serializers.Serializer):
    """An import with what one section of it would change now; ``more`` changes are shown when these are settled."""

    import_ = ImportSerializer()
    section = serializers.CharField()
    tables = TableChangesSerializer(many=True)
    more = serializers.IntegerField()
    sheets = SheetSerializer(many=True, help_text="while it waits to be mapped")
    applied = serializers.DictField(
        child=serializers.IntegerField(), help_text="after apply: what became of it"
    )

    def get_fields(self):
        """The word "import" is taken by Python."""
        fields = super().get_fields()
        return {name.rstrip("_"): field for name, field in fields.items()}


class UploadSerializer(serializers.Serializer):
    """The file, as multipart/form-data."""

    file = serializers.FileField()


class MineSerializer(serializers.Serializer):
    """A conflict that is settled with the file's value, over the version that was shown."""

    number = Number()
    version = Number()


class ApplySerializer(serializers.Serializer):
    """What to apply: changes by number, or everything that fits; conflicts only by name."""

    base_version = Number()
    section = serializers.CharField(default="", allow_blank=True, max_length=20)
    everything = serializers.BooleanField(default=False, help_text="all that fits, of the section or of all")
    numbers = serializers.ListField(child=Number(), default=list, max_length=20_000)
    mine = MineSerializer(many=True, default=list)
    theirs = serializers.ListField(child=Number(), default=list, max_length=20_000)
    deleted = serializers.ListField(child=Number(), default=list, max_length=20_000)


class MapSerializer(serializers.Serializer):
    """The sheets in their order; ``compare`` ends the choosing. A newly named table is guessed before."""

    sheets = SheetSerializer(many=True)
    compare = serializers.BooleanField(default=False)


class CloseSerializer(serializers.Serializer):
    """The version that was read."""

    base_version = Number()
