"""Shapes of what people type about an issue. The rules themselves stand in the actions."""

from grid.forms.correct import CorrectForm
from grid.forms.moves import Choices, form_of
from grid.forms.photos import AddPhotoForm, PhotosField
from grid.forms.refusals import put_on
from grid.forms.report import ReportForm
from grid.forms.reporter import PurposeForm

__all__ = ["AddPhotoForm", "Choices", "CorrectForm", "PhotosField", "PurposeForm", "ReportForm", "form_of", "put_on"]
