import pytest
from django.core.exceptions import ValidationError


@pytest.mark.django_db
def test_is_empty():
    with pytest.raises(ValidationError):
        raise ValidationError("empty")
