from .create import CreateForm
from .languages import LanguageChoice, LanguageForm
from .step import StepForm
from .submit import SubmitForm

__all__ = ["CreateForm", "LanguageChoice", "LanguageForm", "StepForm", "SubmitForm"]
