"""The models of the desk, each kept with the part it belongs to."""

from .figures.models import (
    ArticleFee,
    ArticleFigures,
    FeeShare,
    FeeSheet,
    FigureSettings,
    Grade,
    Unpaid,
)
from .folios.models import PageUpload
from .importing.models import Import, ImportPicture, ImportStep
from .proofreading.models import (
    AcceptedAlarm,
    BannedWord,
    Leader,
    LinkCheck,
    ProofreadingSettings,
    WordRule,
)
from .review.models import ProofMark, ReviewRules, ReviewTask

__all__ = [
    "AcceptedAlarm",
    "ArticleFee",
    "ArticleFigures",
    "BannedWord",
    "FeeShare",
    "FeeSheet",
    "FigureSettings",
    "Grade",
    "Import",
    "ImportPicture",
    "ImportStep",
    "Leader",
    "LinkCheck",
    "PageUpload",
    "ProofMark",
    "ProofreadingSettings",
    "ReviewRules",
    "ReviewTask",
    "Unpaid",
    "WordRule",
]
